import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Run, Runner } from "../../../../worker/runners/runner.ts";
import { threadRunner } from "../../../../worker/runners/threads/thread-runner.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { buildRun } from "../../../support/worker-run.ts";

/** A program that says that it runs, for which its handler waits in one call; it bears the thread's mark, or not. */
const HANDLERS = `
import * as z from ${JSON.stringify(import.meta.resolve("zod"))};
import { execFileSync } from "node:child_process";
const wait = (file, env) => void execFileSync("sh", ["-c", 'echo $$ > "$0.new"; mv "$0.new" "$0"; exec sleep 600', file], { env });
const handlers = {
  nothing: () => {},
  waitForProgram: ({ file }) => wait(file, process.env),
  waitForUnmarked: ({ file }) => wait(file, { PATH: process.env.PATH }),
};
export default { jobType: { input: z.any() }, handler: (input) => handlers[input.do](input) };
`;

let folder: string;
let runner: Runner;

beforeAll(async () => {
  folder = await temporaryFolder("thread-stuck");
  const file = path.join(folder, "job.mjs");
  await writeFile(file, HANDLERS);
  const log = { strayError: () => {}, threadReplaced: () => {} };
  runner = threadRunner({ handlerUrl: pathToFileURL(file).href, concurrency: 1, memoryMiB: 512, log });
});
afterAll(() => runner.close());

const run = (name: string, overrides: Partial<Run> = {}) =>
  runner.run(buildRun({ input: JSON.stringify({ do: name }), ...overrides }));

let runs = 0;
/** Runs a job, and kills it once its handler waits for its program. @returns the program's process ID. */
async function killed(name: string): Promise<number> {
  const kill = new AbortController();
  const file = path.join(folder, `program-${runs++}`);
  const ended = run(name, { kill: kill.signal, input: JSON.stringify({ do: name, file }) });
  await expect.poll(() => existsSync(file)).toBe(true);
  kill.abort();
  expect(await ended).toMatchObject({ kind: "failed", code: "HandlerIgnoredAbort" });
  return Number(await readFile(file, "utf8"));
}

const NOT_BEGUN = { kind: "notBegun", code: "ThreadNotEnded" };

describe.runIf(process.platform === "linux")("a handler that is killed in a call that does not return", () => {
  it("ends with the program that it waits for, and leaves its slot to the next jobs", async () => {
    for (let round = 0; round < 3; round += 1) await killed("waitForProgram");
    expect(await run("nothing")).toMatchObject({ kind: "returned" });
  });

  it("keeps the next attempts from beginning where nothing ends it, also those that wait, and the runner from closing", async () => {
    const programs = await Promise.all([killed("waitForUnmarked"), killed("waitForUnmarked")]);
    expect(await Promise.all([run("nothing"), run("nothing")])).toMatchObject([NOT_BEGUN, NOT_BEGUN]);
    await expect(runner.close()).rejects.toMatchObject({ code: "ThreadNotEnded" });
    for (const pid of programs) process.kill(pid, "SIGKILL");
    await expect.poll(() => runner.close().then(() => "closed", String)).toBe("closed");
  });
});
