import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { pidNamespace, processOwner } from "../../../../domain/process-owner.ts";
import { makeCommandFolder, removeLeftovers } from "../../../../worker/runners/commands/folder.ts";
import { removeFolder } from "../../../../worker/runners/commands/remove-folder.ts";
import { commandSuite } from "../../../support/command-suite.ts";
import { shellRunner } from "../../../support/shell-runner.ts";
import { buildRun } from "../../../support/worker-run.ts";

vi.mock(import("../../../../worker/runners/commands/remove-folder.ts"), async (load) => {
  const actual = await load();
  return { ...actual, removeFolder: vi.fn(actual.removeFolder) };
});

const { folder, shell } = commandSuite();

describe("the folder of a command", () => {
  it("holds JOB_FILES and TMPDIR, and nobody else can look into it", async () => {
    const lines: string[] = [];
    const script = `cd "$JOB_FILES/.."; echo $PWD >&2; ls >&2; stat -c %a . files tmp >&2; touch "$TMPDIR/x"
      [ "$JOB_FILES" = "$PWD/files" ] && [ "$TMPDIR" = "$PWD/tmp" ] && echo true`;
    const outcome = await shell(script, { log: (_, line) => void lines.push(line) });
    expect(outcome).toEqual({ kind: "returned", json: "true" });
    expect(path.dirname(lines[0] as string)).toBe(folder());
    expect(lines.slice(1)).toEqual(["files", "tmp", "700", expect.any(String), expect.any(String)]);
  });

  it("is another in each attempt, and gone with the command, whatever became of it", async () => {
    const seen = new Set<string>();
    const log = (_: unknown, line: string) => void seen.add(line);
    for (const end of ["exit 0", "exit 1", "kill -9 $$", "chmod 500 .", "rm -r ../files"]) {
      await shell(`cd "$TMPDIR"; echo $PWD >&2; touch file; mkdir -p a/b; ${end}`, { log });
    }
    expect([...seen].filter((line) => line.endsWith("/tmp"))).toHaveLength(5);
    expect(await readdir(folder())).toEqual([]);
  });

  it("leaves the outcome as it is where it cannot be removed", async () => {
    const lines: string[] = [];
    vi.mocked(removeFolder).mockRejectedValueOnce(new Error("EBUSY"));
    const outcome = await shell("echo 1", { log: (level, message) => void lines.push(`${level}: ${message}`) });
    expect(outcome).toEqual({ kind: "returned", json: "1" });
    expect(lines).toEqual(["warn: a folder of the command could not be removed"]);
  });

  it("keeps a command from beginning where it cannot be made", async () => {
    vi.stubEnv("TMPDIR", path.join(folder(), "gone"));
    expect(await shell("echo 1")).toMatchObject({ kind: "notBegun", code: "NoFilesFolder" });
  });
});

describe("what killed workers left behind", () => {
  let dead: string;
  beforeEach(async () => {
    const child = spawn("sleep", ["60"]);
    dead = processOwner(child.pid);
    child.kill("SIGKILL");
    await once(child, "exit");
  });

  it("is removed when a worker starts, and nothing else", async () => {
    const kept = [
      `job-${processOwner()}-abcdef`,
      `job-${pidNamespace() + 1}.1.1-abcdef`,
      "job-abcdef",
      `other-${dead}-abcdef`,
      `my-job-${dead}-abcdef`,
    ];
    for (const name of [...kept, `job-${dead}-abcdef`]) await mkdir(path.join(folder(), name, "files"), { recursive: true });
    await mkdir(path.join(folder(), `job-${dead}-abcdef.7`));
    await symlink(path.join(folder(), "job-abcdef"), path.join(folder(), `job-${dead}-linked`));
    await shellRunner("echo 1", folder()).run(buildRun());
    expect((await readdir(folder())).sort()).toEqual(kept.sort());
    expect(await readdir(path.join(folder(), "job-abcdef"))).toEqual(["files"]);
  });

  it("is what a worker makes", async () => {
    const { path: own } = await makeCommandFolder();
    await writeFile(path.join(own, "files", "a"), "");
    await removeLeftovers();
    expect((await stat(own)).mode & 0o777).toBe(0o700);
    expect(path.basename(own)).toMatch(new RegExp(`^job-${processOwner()}-`));
  });
});
