import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Run, Runner } from "../../../../worker/runners/runner.ts";
import { threadRunner } from "../../../../worker/runners/threads/thread-runner.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { buildRun } from "../../../support/worker-run.ts";

const HANDLERS = `
import * as z from ${JSON.stringify(import.meta.resolve("zod"))};
import { execSync } from "node:child_process";
import { readFileSync } from "node:fs";
const handlers = {
  nothing: () => {},
  waitForProgram: (_, job) => { job.logger.info("waiting"); execSync("sleep 60"); },
  waitForWriter: ({ pipe }, job) => { job.logger.info("waiting"); readFileSync(pipe); },
};
export default { jobType: { input: z.any() }, handler: (input, job) => handlers[input.do](input, job) };
`;

let pipe: string;
let runner: Runner;

beforeAll(async () => {
  const folder = await temporaryFolder("thread-stuck");
  const file = path.join(folder, "job.mjs");
  pipe = path.join(folder, "pipe");
  await writeFile(file, HANDLERS);
  const log = { strayError: () => {}, threadReplaced: () => {} };
  runner = threadRunner({ handlerUrl: pathToFileURL(file).href, concurrency: 1, memoryMiB: 512, log });
});
afterAll(() => runner.close());

const run = (name: string, overrides: Partial<Run> = {}) =>
  runner.run(buildRun({ input: JSON.stringify({ do: name, pipe }), ...overrides }));

/** Runs a job, and kills it once its handler is at work. */
async function killed(name: string) {
  const kill = new AbortController();
  return await run(name, { kill: kill.signal, log: () => kill.abort() });
}

const KILLED = { kind: "failed", code: "HandlerIgnoredAbort" };
const NOT_BEGUN = { kind: "notBegun", code: "ThreadNotEnded" };

describe.runIf(process.platform === "linux")("a handler that is killed in a call that does not return", () => {
  it("ends with the program that it waits for, and leaves its slot to the next jobs", async () => {
    for (let round = 0; round < 3; round += 1) expect(await killed("waitForProgram")).toMatchObject(KILLED);
    expect(await run("nothing")).toMatchObject({ kind: "returned" });
  });

  it("keeps the next attempts from beginning where nothing ends it, also those that wait, and the runner from closing", async () => {
    execFileSync("mkfifo", [pipe]);
    for (let round = 0; round < 2; round += 1) expect(await killed("waitForWriter")).toMatchObject(KILLED);
    expect(await Promise.all([run("nothing"), run("nothing")])).toMatchObject([NOT_BEGUN, NOT_BEGUN]);
    await expect(runner.close()).rejects.toMatchObject({ code: "ThreadNotEnded" });
    // Whoever writes to the pipe lets them go on.
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
    await expect.poll(() => runner.close().then(() => "closed", String), { timeout: 10_000 }).toBe("closed");
  }, 30_000);
});
