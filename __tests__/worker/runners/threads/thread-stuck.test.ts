import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANY_INPUT, type HandlersInThreads, handlersInThreads } from "../../../support/handlers-in-threads.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** A program that says that it runs, for which its handler waits in one call; it bears the thread's mark, or not. */
const HANDLERS = `
import { execFileSync } from "node:child_process";
const wait = (file, env) => void execFileSync("sh", ["-c", 'echo $$ > "$0.new"; mv "$0.new" "$0"; exec sleep 600', file], { env });
const handlers = {
  nothing: () => {},
  waitForProgram: ({ file }) => wait(file, process.env),
  waitForUnmarked: ({ file }) => wait(file, { PATH: process.env.PATH }),
};
export default { jobType: { input: schema }, handler: (input) => handlers[input.do](input) };
`;

let folder: string;
let threads: HandlersInThreads;

beforeAll(async () => {
  folder = await temporaryFolder("thread-stuck");
  threads = await handlersInThreads(ANY_INPUT + HANDLERS);
});
afterAll(() => threads.runner.close());

let runs = 0;
/** Runs a job, and kills it once its handler waits for its program. @returns the program's process ID. */
async function killed(name: string): Promise<number> {
  const kill = new AbortController();
  const file = path.join(folder, `program-${runs++}`);
  const ended = threads.run(name, { kill: kill.signal, input: JSON.stringify({ do: name, file }) });
  await expect.poll(() => existsSync(file)).toBe(true);
  kill.abort();
  expect(await ended).toMatchObject({ kind: "failed", code: "HandlerIgnoredAbort" });
  return Number(await readFile(file, "utf8"));
}

const NOT_BEGUN = { kind: "notBegun", code: "ThreadNotEnded" };

describe.runIf(process.platform === "linux")("a handler that is killed in a call that does not return", () => {
  it("ends with the program that it waits for, and leaves its slot to the next jobs", async () => {
    for (let round = 0; round < 3; round += 1) await killed("waitForProgram");
    expect(await threads.run("nothing")).toMatchObject({ kind: "returned" });
  });

  it("keeps the next attempts from beginning where nothing ends it, also those that wait, and the runner from closing", async () => {
    const programs = await Promise.all([killed("waitForUnmarked"), killed("waitForUnmarked")]);
    expect(await Promise.all([threads.run("nothing"), threads.run("nothing")])).toMatchObject([NOT_BEGUN, NOT_BEGUN]);
    await expect(threads.runner.close()).rejects.toMatchObject({ code: "ThreadNotEnded" });
    for (const pid of programs) process.kill(pid, "SIGKILL");
    await expect.poll(() => threads.runner.close().then(() => "closed", String)).toBe("closed");
  });
});
