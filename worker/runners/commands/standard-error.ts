import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import { MAX_MESSAGE_CHARACTERS } from "@autoscaling-job-queues/domain/limits";
import { LineLimiter, MAX_LINE_BYTES } from "../../line-limits.ts";
import type { Run } from "../runner.ts";
import { commandCheckpoint, isCheckpointLine } from "./checkpoint.ts";
import { LineCutter } from "./line-cutter.ts";
import { commandProgress } from "./progress.ts";
import { readableText, wholeCharacters } from "./utf8.ts";

/** Lines that may become part of the job's error message. */
const LAST_LINES = 5;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * Reads a command's standard error: progress and checkpoints are handed on, all other lines logged. Whatever the command writes,
 * memory stays bounded: lines are cut as they are read, and those past the limit are dropped and counted.
 *
 * @returns the last lines that were neither, once the stream has ended.
 */
export async function readStandardError(
  stream: Readable,
  run: Pick<Run, "log" | "progress" | "checkpoint">,
): Promise<readonly string[]> {
  const limiter = new LineLimiter();
  // As bytes: most are never read.
  const last: { readonly line: Buffer; readonly isCut: boolean }[] = [];
  let isForeign = false;
  let isTooLong = false;

  const tellDropped = (lines: number): void => {
    if (lines > 0) run.log("warn", "lines of standard error were dropped: the command writes more than is logged", { lines });
  };
  const lines = new LineCutter(MAX_LINE_BYTES, (line, isCut) => {
    const progress = commandProgress(line);
    if (progress !== undefined) {
      run.progress(progress.fraction, progress.message);
      return;
    }
    if (isCut && isCheckpointLine(line)) {
      if (!isTooLong) run.log("warn", "checkpoints are left out whose line is too long", { maxBytes: MAX_LINE_BYTES });
      isTooLong = true;
      return;
    }
    const checkpoint = commandCheckpoint(line);
    if (checkpoint !== undefined) {
      // Whoever writes it logs what fails; the command goes on.
      run.checkpoint(checkpoint).catch(() => {});
      return;
    }
    if (isBlank(line)) return;
    last.push({ line, isCut });
    if (last.length > LAST_LINES) last.shift();
    if (!limiter.admits(line.length)) return;
    tellDropped(limiter.takeDropped());
    if (!isForeign && !isUtf8(isCut ? line.subarray(0, wholeCharacters(line)) : line)) {
      isForeign = true;
      run.log("warn", "standard error is not UTF-8; bytes that are not are shown as \\xHH");
    }
    run.log("info", lineText(line, isCut));
  });
  const ended = Promise.withResolvers<void>();
  stream.on("data", (chunk: Buffer) => lines.write(chunk));
  stream.once("close", ended.resolve);
  await ended.promise;
  lines.end();
  tellDropped(limiter.takeDropped({ atEnd: true }));
  return last.map(({ line, isCut }) => lineText(line.subarray(0, MAX_MESSAGE_CHARACTERS), isCut));
}

/** No longer than a line may be, though a byte that is shown as `\xHH` takes four. */
function lineText(line: Buffer, isCut: boolean): string {
  const text = readableText(isCut ? line.subarray(0, wholeCharacters(line)) : line);
  const isLong = text.length > MAX_LINE_BYTES;
  return isCut || isLong ? `${text.slice(0, MAX_LINE_BYTES)} [cut at ${MAX_LINE_BYTES} bytes]` : text;
}

function isBlank(line: Buffer): boolean {
  let at = 0;
  while (line[at] === SPACE || line[at] === TAB) at += 1;
  return at === line.length;
}
