import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { readStandardError } from "../../../../worker/runners/commands/standard-error.ts";

async function read(chunks: readonly (Buffer | string)[]) {
  const stream = new PassThrough();
  const logged: string[] = [];
  const progress: unknown[] = [];
  const checkpoints: string[] = [];
  const last = readStandardError(stream, {
    log: (level, message, details) =>
      void logged.push(`${level}: ${message}${details === undefined ? "" : ` ${JSON.stringify(details)}`}`),
    progress: (...report) => void progress.push(report),
    checkpoint: async (json) => {
      checkpoints.push(json);
      throw new Error("slow down");
    },
  });
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return { last: await last, logged, progress, checkpoints };
}

describe("the standard error of a command", () => {
  it("is progress and lines of the log", async () => {
    const { last, logged, progress } = await read(["progress 0.5 half\nhel", "lo\n \t \n", "progress 5\nend"]);
    expect(progress).toEqual([[0.5, "half"]]);
    expect(logged).toEqual(["info: hello", "info: progress 5", "info: end"]);
    expect(last).toEqual(["hello", "progress 5", "end"]);
  });

  it("is checkpoints, whatever becomes of them", async () => {
    const { last, logged, checkpoints } = await read(['checkpoint {"line":1}\ncheckpoint saved\ncheckpoint 2\n']);
    expect(checkpoints).toEqual(['{"line":1}', "2"]);
    expect(logged).toEqual(["info: checkpoint saved"]);
    expect(last).toEqual(["checkpoint saved"]);
  });

  it("is no checkpoint where the line is longer than 64 KiB, which the log says once", async () => {
    const { logged, checkpoints } = await read([`checkpoint "${"x".repeat(65_536)}"\n`.repeat(3)]);
    expect(checkpoints).toEqual([]);
    expect(logged).toEqual(['warn: checkpoints are left out whose line is too long {"maxBytes":65536}']);
  });

  it("leaves its last lines for the job's error, at the length that an error may have", async () => {
    const { last } = await read([`1\n2\n3\n4\n5\n${"x".repeat(70_000)}\nprogress 1\n`]);
    expect(last.slice(0, 4)).toEqual(["2", "3", "4", "5"]);
    expect(last[4]).toMatch(/^x{1000} \[cut/);
  });

  it("is cut where a line is longer than 64 KiB, between two characters", async () => {
    const { logged } = await read([`x${"é".repeat(40_000)} end\nnext`]);
    expect(logged).toEqual([`info: x${"é".repeat(32_767)} [cut at 65536 bytes]`, "info: next"]);
  });

  it("is cut where a line is that long as it is shown", async () => {
    const { logged } = await read([Buffer.alloc(60_000), "\nnext"]);
    expect(logged).toEqual([`info: ${"\\x00".repeat(16_384)} [cut at 65536 bytes]`, "info: next"]);
  });

  it("is shown readably where it is not UTF-8, and said to be so once", async () => {
    const { logged } = await read([Buffer.from("caf\u00e9\ncr\u00e8me\n", "latin1"), "🐤\u001b[2J\n"]);
    expect(logged).toEqual([
      "warn: standard error is not UTF-8; bytes that are not are shown as \\xHH",
      "info: caf\\xe9",
      "info: cr\\xe8me",
      "info: 🐤\\x1b[2J",
    ]);
  });

  it("is dropped past the limit of lines, which is counted, while progress goes on", async () => {
    const { last, logged, progress } = await read(["line\n".repeat(500_000), "progress 1\nlast words"]);
    const lines = logged.filter((line) => line === "info: line").length;
    const dropped = logged.flatMap((line) => (/were dropped.*"lines":(\d+)/.exec(line) ?? []).slice(1)).map(Number);
    expect(lines).toBeGreaterThanOrEqual(10_000);
    expect(dropped.length).toBeGreaterThan(0);
    expect(lines + dropped.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(500_000);
    expect(progress).toEqual([[1, undefined]]);
    expect(last.at(-1)).toBe("last words");
  });
});
