import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import path from "node:path";

/** What a worker says as it ends stands at the end of its log. */
const TAIL_BYTES = 65_536;
const LONGEST = 300;
/** The first line of an error that Node prints as it ends the process. */
const NODE_ERROR = /^(?:Uncaught )?(?:[A-Z]\w*)?(?:Error|Exception)(?: \[\w+\])?: /;
const BAD_LEVELS: ReadonlySet<unknown> = new Set(["ERROR", "CRITICAL"]);

/** What is told of a worker that has ended: the last error in its log, in one line, if it has one; and where its log is. */
export function crashWords(log: string): { readonly error: string | undefined; readonly log: string } {
  return { error: lastError(log), log: path.relative(process.cwd(), log) };
}

function lastError(log: string): string | undefined {
  try {
    const words = tail(log).split("\n").map(errorIn);
    const last = words.findLast((said) => said !== undefined);
    return last !== undefined && last.length > LONGEST ? `${last.slice(0, LONGEST)}…` : last;
  } catch {
    return undefined;
  }
}

function errorIn(line: string): string | undefined {
  if (NODE_ERROR.test(line)) return line.trim();
  if (!line.startsWith("{")) return undefined;
  try {
    const { level, message, detail } = JSON.parse(line) as Record<string, unknown>;
    if (!BAD_LEVELS.has(level)) return undefined;
    const said = typeof detail === "string" ? `${message}: ${detail}` : String(message);
    return said.split("\n", 1)[0];
  } catch {
    return undefined;
  }
}

function tail(file: string): string {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const bytes = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8", 0, bytes);
  } finally {
    closeSync(descriptor);
  }
}
