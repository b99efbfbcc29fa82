import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANY_INPUT, type HandlersInThreads, handlersInThreads } from "../../../support/handlers-in-threads.ts";

/** What a handler does to what its thread relies on, by the name in its input. */
const HANDLERS = `
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
export default { jobType: { input: schema }, handler: (input, job) => handlers[input.do](input, job) };
`;

let threads: HandlersInThreads;
beforeAll(async () => {
  threads = await handlersInThreads(ANY_INPUT + HANDLERS);
});
afterAll(() => threads.runner.close());

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
      expect(await threads.run(name)).toMatchObject({ kind: "failed", code: "HandlerCrashed", permanent: false });
    }
    expect(await threads.run("nothing")).toEqual({ kind: "returned", json: undefined });
  });
});
