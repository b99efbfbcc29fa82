import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** What `worker/runners/threads/thread-limits.ts` keeps for the worker itself, in MiB. */
const WORKER_MIB = 160;

/** Leaks by the name in its input, until its thread dies of it. */
const LEAKS = `
import * as z from ${JSON.stringify(import.meta.resolve("zod"))};
const parts = Array.from("a row of twenty parts", (part) => part.repeat(100));
const row = JSON.stringify({ index: 1, text: "a row of texts", parts });
const leaks = {
  numbers: () => new Array(131_072).fill(0.5),
  objects: () => JSON.parse(row),
  strings: (index) => JSON.parse(JSON.stringify("x".repeat(1_000) + index)),
};
export default { jobType: { input: z.unknown() }, handler: ({ leak }) => { const held = []; for (let index = 0; ; index += 1) held.push(leaks[leak](index)); } };
`;

/** Runs every leak in all threads at once, and tells each outcome's code and the process' resident memory in MiB. */
const PROGRAM = `
import { readFileSync } from "node:fs";
import { threadRunner } from ${JSON.stringify(new URL("../../../../worker/runners/threads/thread-runner.ts", import.meta.url).href)};
const [handlerUrl, concurrency, memoryMiB] = process.argv.slice(2);
const status = (name) => Number(new RegExp(name + ":\\\\s+(\\\\d+)").exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
const runner = threadRunner({ handlerUrl, concurrency: Number(concurrency), memoryMiB: Number(memoryMiB), log: { strayError() {}, threadReplaced() {} } });
const never = new AbortController().signal;
const run = { id: "job", type: "test", attempt: 1, signal: never, kill: never, log() {}, progress() {} };
const before = status("VmRSS");
const codes = [];
for (const leak of ["numbers", "objects", "strings"]) {
  const outcomes = Array.from({ length: Number(concurrency) }, () => runner.run({ ...run, input: JSON.stringify({ leak }) }));
  codes.push(...(await Promise.all(outcomes)).map(({ code }) => code));
}
console.log(JSON.stringify({ before, peak: status("VmHWM"), codes }));
process.exit();
`;

let program: string;
let handlerUrl: string;

beforeAll(async () => {
  const folder = await temporaryFolder("thread-leaks");
  program = path.join(folder, "program.mjs");
  const handler = path.join(folder, "job.mjs");
  handlerUrl = pathToFileURL(handler).href;
  await Promise.all([writeFile(program, PROGRAM), writeFile(handler, LEAKS)]);
});

describe("the limits of a worker's threads", () => {
  it.runIf(process.platform === "linux").for([
    [1, 512],
    [2, 512],
    // V8's largest young generation.
    [2, 1_024],
  ] as const)(
    "keep a worker whose handlers all leak within its container: %i in %i MiB",
    async ([concurrency, memoryMiB], { signal }) => {
      // A program whose threads nothing stops must not outlive this test.
      const settings = [handlerUrl, String(concurrency), String(memoryMiB)];
      const { stdout } = await promisify(execFile)(process.execPath, [program, ...settings], { signal, killSignal: "SIGKILL" });
      const { before, peak, codes } = JSON.parse(stdout) as { before: number; peak: number; codes: string[] };
      expect(codes).toEqual(new Array(3 * concurrency).fill("OutOfMemory"));
      expect(peak).toBeLessThan(memoryMiB);
      // This process has no AWS clients: what its threads take must leave a whole worker its part.
      expect(peak - before).toBeLessThan(memoryMiB - WORKER_MIB);
    },
  );
});
