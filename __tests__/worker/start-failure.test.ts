import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { processRunner } from "../../worker/runners/commands/process-runner.ts";
import { startFailure } from "../../worker/start-failure.ts";
import { runProgram } from "../support/run-program.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { buildRun } from "../support/worker-run.ts";

const errorOf = (code: string) => Object.assign(new Error(`spawn program ${code}`), { code });

describe("a command that the system does not start", () => {
  it.each(["EAGAIN", "ENOMEM", "EMFILE", "ENFILE", "ENOSPC"])("has not begun where the machine lacks something: %s", (code) => {
    expect(startFailure(errorOf(code))).toEqual({
      kind: "notBegun",
      code: "CommandNotStarted",
      message: `spawn program ${code}`,
    });
  });

  it.each([
    ["ENOENT", "CommandNotFound"],
    ["EACCES", "CommandNotExecutable"],
  ])("fails its job for good where the image has it not: %s", (code, told) => {
    expect(startFailure(errorOf(code))).toMatchObject({ kind: "failed", code: told, permanent: true });
  });

  it("fails its attempt for what nobody knows", () => {
    expect(startFailure(errorOf("EIO"))).toMatchObject({ kind: "failed", code: "CommandFailed", permanent: false });
    expect(startFailure(new Error("what?"))).toMatchObject({ kind: "failed", code: "CommandFailed", permanent: false });
  });

  it("is one that may not be executed", async () => {
    const folder = await temporaryFolder("start-failure");
    const start = (program: string) =>
      processRunner({ command: [program], directory: folder, jobType: { input: z.unknown() } }).run(buildRun());
    const file = path.join(folder, "program");
    await mkdir(path.join(folder, "folder"));
    await writeFile(file, "\0\0");
    expect(await start(file)).toMatchObject({ code: "CommandNotExecutable", permanent: true });
    expect(await start(path.join(folder, "folder"))).toMatchObject({ code: "CommandNotExecutable", permanent: true });
    expect(await start(path.join(file, "below"))).toMatchObject({ code: "CommandNotFound", permanent: true });
  });

  it("has not begun where the worker has no file descriptors left", async () => {
    const outcome = await runProgram(
      `const { openSync } = await import("node:fs");
       const { shellRunner } = await load("./shell-runner.ts");
       const { buildRun } = await load("./worker-run.ts");
       const runner = shellRunner("echo 1", "/");
       const before = await runner.run(buildRun());
       try { for (;;) openSync("/dev/null"); } catch {}
       return [before, await runner.run(buildRun())];`,
      { openFiles: 64 },
    );
    expect(outcome).toMatchObject([{ kind: "returned" }, { kind: "notBegun", code: "CommandNotStarted" }]);
  });
});
