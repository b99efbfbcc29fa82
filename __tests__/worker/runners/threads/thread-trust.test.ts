import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Runner } from "../../../../worker/runners/runner.ts";
import { threadRunner } from "../../../../worker/runners/threads/thread-runner.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { buildRun } from "../../../support/worker-run.ts";

/** What a handler does to what its thread relies on, by the name in its input. */
const HANDLERS = `
import * as z from ${JSON.stringify(import.meta.resolve("zod"))};
const never = () => new Promise(() => {});
/** With nothing that hears of it in the thread, as some libraries leave it. */
const uncaught = (thrown) => {
  process.removeAllListeners("uncaughtException");
  setTimeout(() => { throw thrown; });
  return never();
};
const say = (message) => {
  for (const handle of process._getActiveHandles()) handle.postMessage?.(message);
  return never();
};
const handlers = {
  nothing: () => {},
  throwNull: () => uncaught(null),
  throwUndefined: () => uncaught(undefined),
  throwSymbol: () => uncaught(Symbol("odd")),
  throwUnreadable: () => uncaught(new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } })),
  throwDiskFull: () => uncaught(Object.assign(new Error("no space left on device"), { code: "ENOSPC" })),
  sayNull: () => say(null),
  sayLine: () => say({ kind: "line", line: { level: "info", message: "said", details: "{", bytes: 1 } }),
  sayNotBegun: () => say({ kind: "ended", outcome: { kind: "notBegun", code: "ENOSPC", message: "said" } }),
  saySomethingElse: () => say({ kind: "constructor" }),
  patchThen: () => { Object.prototype.then = (settle) => settle(1); },
  patchJson: () => { JSON.stringify = () => "mine"; return { name: 1 }; },
};
export default { jobType: { input: z.any() }, handler: (input, job) => handlers[input.do](input, job) };
`;

let runner: Runner;
beforeAll(async () => {
  const file = path.join(await temporaryFolder("thread-trust"), "job.mjs");
  await writeFile(file, HANDLERS);
  const log = { strayError: () => {}, threadReplaced: () => {} };
  runner = threadRunner({ handlerUrl: pathToFileURL(file).href, concurrency: 1, memoryMiB: 512, log });
});
afterAll(() => runner.close());

const run = (name: string) => runner.run(buildRun({ input: JSON.stringify({ do: name }) }));

describe("what comes from a handler's thread", () => {
  it.each([
    "throwNull",
    "throwUndefined",
    "throwSymbol",
    "throwUnreadable",
    "throwDiskFull",
    "sayNull",
    "sayLine",
    "sayNotBegun",
    "saySomethingElse",
    "patchThen",
    "patchJson",
  ])("fails its own attempt at most, and neither the worker nor the next job: %s", async (name) => {
    // As many as there are threads: none of them is lost.
    for (let job = 0; job < 2; job += 1) {
      expect(await run(name)).toMatchObject({ kind: "failed", code: "HandlerCrashed", permanent: false });
    }
    expect(await run("nothing")).toEqual({ kind: "returned", json: undefined });
  });
});
