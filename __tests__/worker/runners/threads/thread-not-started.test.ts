import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { machineFailure } from "../../../../worker/runners/machine-errors.ts";
import { notLoadedOutcome } from "../../../../worker/runners/threads/load-job.ts";
import { ANY_INPUT } from "../../../support/handlers-in-threads.ts";
import { runProgram } from "../../../support/run-program.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const errorOf = (code: string) => Object.assign(new Error(`it failed: ${code}`), { code });

let handlerUrl: string;
beforeAll(async () => {
  const file = path.join(await temporaryFolder("thread-not-started"), "job.mjs");
  await writeFile(file, `${ANY_INPUT} export default { jobType: { input: schema }, handler: () => "done" };`);
  handlerUrl = pathToFileURL(file).href;
});

describe("a thread that the system does not start", () => {
  it("keeps its attempt from beginning where the worker has no file descriptors left", async () => {
    const outcomes = await runProgram(
      `const { openSync } = await import("node:fs");
       const { threadRunner } = await load("../../worker/runners/threads/thread-runner.ts");
       const { buildRun } = await load("./worker-run.ts");
       const log = { strayError() {}, threadReplaced() {} };
       const start = () => threadRunner({ handlerUrl: ${JSON.stringify(handlerUrl)}, concurrency: 2, memoryMiB: 512, log });
       const before = await start().run(buildRun());
       try { for (;;) openSync("/dev/null"); } catch {}
       return [before, await start().run(buildRun())];`,
      { openFiles: 96 },
    );
    expect(outcomes).toMatchObject([{ kind: "returned", json: '"done"' }, { kind: "notBegun" }]);
  });

  it.each(["ERR_WORKER_INIT_FAILED", "EAGAIN", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC", "EDQUOT"])(
    "or whose files this machine cannot read, costs no attempt: %s",
    (code) => {
      expect(machineFailure(errorOf(code))).toEqual({ kind: "notBegun", code, message: `it failed: ${code}` });
      expect(notLoadedOutcome(new Error("not loaded", { cause: errorOf(code) }))).toMatchObject({ kind: "notBegun", code });
    },
  );

  it.each(["ENOENT", "EACCES", "ERR_MODULE_NOT_FOUND", "ERR_WORKER_OUT_OF_MEMORY"])(
    "but is the image's fault costs the attempt: %s",
    (code) => {
      expect(machineFailure(errorOf(code))).toBeUndefined();
      expect(notLoadedOutcome(new Error("not loaded", { cause: errorOf(code) }))).toMatchObject({
        kind: "failed",
        permanent: false,
      });
    },
  );
});
