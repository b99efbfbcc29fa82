import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("../support/enclosed-program.ts", import.meta.url));

/** Runs the program as the first process of a PID namespace, as a container has it. */
async function inNamespace(variables: NodeJS.ProcessEnv) {
  const args = ["--pid", "--fork", "--mount-proc", "--kill-child", process.execPath, PROGRAM];
  const { stdout } = await promisify(execFile)("unshare", args, { env: { ...process.env, ...variables } });
  return JSON.parse(stdout);
}

describe("a daemon that a command left behind in a container, with nothing that tells whose it is", () => {
  it("ends with the command where the image says that the worker is alone", async () => {
    expect(await inNamespace({ JOB_ENCLOSURE: "container" })).toEqual({ isAlone: true, kind: "returned", lives: false });
  });

  it("lives on where nobody says so", async () => {
    expect(await inNamespace({ JOB_ENCLOSURE: undefined })).toEqual({ isAlone: false, kind: "returned", lives: true });
  });
});
