import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, vi } from "vitest";
import type { Run } from "../../worker/runner.ts";
import { commandSuite } from "../support/command-suite.ts";
import { buildRun } from "../support/worker-run.ts";

vi.mock(import("node:fs/promises"), async (load) => {
  const actual = await load();
  return { ...actual, rm: vi.fn(actual.rm) };
});

/** The user ID of `nobody` on most systems; any but root's does. */
const NOBODY = 65_534;

const { folder, shell } = commandSuite();

/** Runs a script as a user that may not remove what it may not write, which root may. */
async function asOrdinaryUser(script: string): Promise<unknown> {
  const own = path.join(folder(), "own");
  await mkdir(own);
  await chmod(folder(), 0o755);
  await chmod(own, 0o777);
  const module = new URL("../../worker/process-runner.ts", import.meta.url).href;
  const program = `
    if (process.getuid() === 0) process.setuid(${NOBODY});
    const lines = [];
    const never = new AbortController().signal;
    const run = { id: "job", type: "test", attempt: 1, input: "{}", signal: never, kill: never, log: (_, line) => lines.push(line) };
    const outcome = await runner.run(run);
    const left = (await import("node:fs")).readdirSync(${JSON.stringify(own)});
    console.log(JSON.stringify({ outcome, lines, left }));`;
  const load = `const { processRunner } = await import(${JSON.stringify(module)});
    const runner = processRunner({ command: ["sh", "-c", ${JSON.stringify(script)}], directory: "/", jobType: { input: (await import(${JSON.stringify(import.meta.resolve("zod"))})).unknown() } });`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", load + program], {
    env: { ...process.env, TMPDIR: own },
  });
  return JSON.parse(stdout);
}

describe("the files of a command", () => {
  it("are stored, and listed beside its result", async () => {
    const putFile = vi.fn(buildRun().putFile);
    const outcome = await shell(
      'echo a > "$JOB_FILES/a.csv"; echo b > "$JOB_FILES/b.bin"; mkdir "$JOB_FILES/c"; echo \'{"rows":1}\'',
      { putFile },
    );
    expect(JSON.parse((outcome as { json: string }).json)).toEqual({
      rows: 1,
      files: { "a.csv": expect.objectContaining({ key: "a.csv" }), "b.bin": expect.objectContaining({ key: "b.bin" }) },
    });
    expect(putFile.mock.calls.map(([name, content, type]) => `${name} ${content} ${type}`).sort()).toEqual([
      "a.csv a\n text/csv",
      "b.bin b\n application/octet-stream",
    ]);
  });

  it.each([
    ["no result", "", { files: expect.any(Object) }],
    ["a result that is no object", "echo '[1]'", { value: [1], files: expect.any(Object) }],
  ])("are listed beside %s", async (_, echo, result) => {
    const outcome = await shell(`touch "$JOB_FILES/a.txt"; ${echo}`);
    expect(JSON.parse((outcome as { json: string }).json)).toEqual(result);
  });

  it("are gone with the command, whatever became of it", async () => {
    await shell('touch "$JOB_FILES/a.txt"');
    await shell('touch "$JOB_FILES/a.txt"; exit 1');
    expect(await readdir(folder())).toEqual([]);
  });

  it("are stored one at a time, so that one of them is in memory", async () => {
    let under = 0;
    let most = 0;
    const putFile: Run["putFile"] = async (...file) => {
      under += 1;
      most = Math.max(most, under);
      await new Promise(setImmediate);
      under -= 1;
      return await buildRun().putFile(...file);
    };
    const outcome = await shell('for name in a b c; do echo x > "$JOB_FILES/$name"; done', { putFile });
    expect(Object.keys(JSON.parse((outcome as { json: string }).json).files)).toEqual(["a", "b", "c"]);
    expect(most).toBe(1);
  });

  it("hold up no kill while they are stored", async () => {
    const kill = new AbortController();
    const putFile = vi.fn(() => {
      kill.abort();
      return new Promise<never>(() => {});
    });
    const outcome = await shell('touch "$JOB_FILES/a" "$JOB_FILES/b"', { putFile, kill: kill.signal });
    expect(outcome).toMatchObject({ kind: "failed", code: "HandlerIgnoredAbort" });
    expect(putFile).toHaveBeenCalledOnce();
    expect(await readdir(folder())).toEqual([]);
  });

  it("are removed, also where the command took itself the right to do that", async () => {
    expect(await asOrdinaryUser('mkdir "$JOB_FILES/sub"; touch "$JOB_FILES/sub/a"; chmod 500 "$JOB_FILES/sub"; echo 1')).toEqual({
      outcome: { kind: "returned", json: "1" },
      lines: [],
      left: [],
    });
  });

  it("leave the outcome as it is where they cannot be removed", async () => {
    const lines: string[] = [];
    const refused = new Error("ENOTEMPTY");
    vi.mocked(rm).mockRejectedValueOnce(refused).mockRejectedValueOnce(refused);
    const outcome = await shell("echo 1", { log: (level, message) => void lines.push(`${level}: ${message}`) });
    expect(outcome).toEqual({ kind: "returned", json: "1" });
    expect(lines).toEqual(["warn: the folder of the command's files could not be removed"]);
  });

  it("fail the attempt where no folder for them can be made", async () => {
    vi.stubEnv("TMPDIR", path.join(folder(), "gone"));
    expect(await shell("echo 1")).toMatchObject({ kind: "failed", code: "NoFilesFolder", permanent: false });
  });

  it("are not those that the command links to", async () => {
    expect(await shell('ln -s /etc/hostname "$JOB_FILES/hostname"')).toEqual({ kind: "returned", json: undefined });
  });

  it("fail the job for good where a name is not allowed", async () => {
    expect(await shell('touch "$JOB_FILES/no good"')).toMatchObject({ code: "InvalidFileName", permanent: true });
  });

  it("fail the attempt where they cannot be stored", async () => {
    const putFile = () => Promise.reject(new Error("the bucket is gone"));
    const outcome = await shell('touch "$JOB_FILES/a.txt"', { putFile });
    expect(outcome).toMatchObject({ kind: "failed", message: "the bucket is gone", permanent: false });
  });
});
