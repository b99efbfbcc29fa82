import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { type LogLine, logLineOf } from "./log-line.ts";
import type { LogSource } from "./log-source.ts";

/** The lines of a job in the logs of the workers on this machine; each task has a file, `<type>-<task>.log`. */
export function localLogs(folder: string, { id, type }: { readonly id: string; readonly type: string }): LogSource {
  /** Bytes of each file that were read, up to the end of a line. */
  const read = new Map<string, number>();
  return {
    pollMs: 500,
    lateMs: 500,
    async *newLines() {
      const files = (await readdir(folder)).filter((file) => file.startsWith(`${type}-`) && file.endsWith(".log"));
      const lines: LogLine[] = [];
      for (const file of files) {
        const start = read.get(file) ?? 0;
        read.set(file, start + (await readLines(path.join(folder, file), start, id, lines)));
      }
      // Attempts follow one another, in files of several workers.
      yield* lines.toSorted((one, other) => one.at - other.at);
    },
  };
}

/** Adds the lines of a job from a place in a file on. @returns how many bytes were read; what has no end yet is read the next time. */
async function readLines(file: string, start: number, jobId: string, lines: LogLine[]): Promise<number> {
  let bytes = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { start }) as AsyncIterable<Buffer>) {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = data.lastIndexOf("\n") + 1;
    for (const text of data.toString("utf8", 0, end).split("\n")) {
      const line = logLineOf(text, jobId);
      if (line !== undefined) lines.push(line);
    }
    bytes += end;
    rest = data.subarray(end);
  }
  return bytes;
}
