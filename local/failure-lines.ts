import { open, readdir } from "node:fs/promises";
import path from "node:path";
import type { JobEvent } from "./event-subscriber.ts";

/** How much of a log is searched: a failure stands at its end when its event comes. */
const TAIL_BYTES = 1_048_576;
/** Lines of a stack that a terminal shows; the log has all of them. */
const MAX_LINES = 30;

/** What is read from a line that says how an attempt ended. */
interface LogLine {
  readonly jobId?: unknown;
  readonly attempt?: unknown;
  readonly stack?: unknown;
}

/**
 * What a developer wants to know about a failed attempt and no event tells: the stack, and where the worker's log is.
 *
 * @param logs folder of the workers' logs.
 * @returns no lines for an event without a failure, or with one that no log has.
 */
export async function failureLines(logs: string, { id, type, attempt, error }: JobEvent): Promise<readonly string[]> {
  if (error === undefined) return [];
  for (const name of (await readdir(logs)).filter((file) => file.startsWith(`${type}-`))) {
    const log = path.join(logs, name);
    const lines = (await tail(log)).split("\n");
    const found = lines.map(parsed).findLast((line) => line.jobId === id && line.attempt === attempt && "reason" in line);
    if (found !== undefined) return [...stackLines(found.stack), `log: ${path.relative(process.cwd(), log)}`];
  }
  return [];
}

function stackLines(stack: unknown): readonly string[] {
  if (typeof stack !== "string") return [];
  const lines = stack.split("\n");
  return lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), `… ${lines.length - MAX_LINES} more lines`] : lines;
}

async function tail(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(Math.min(size, TAIL_BYTES)),
      position: Math.max(0, size - TAIL_BYTES),
    });
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Other output, and a line that is cut at its beginning, is not JSON. */
function parsed(line: string): LogLine {
  if (!line.startsWith("{") || !line.includes('"jobId"')) return {};
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return {};
  }
}
