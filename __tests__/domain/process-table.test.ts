import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { symlink } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { readProcess, readProcessTable } from "../../domain/process-table.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

vi.mock(import("node:fs"), async (load) => {
  const actual = await load();
  return { ...actual, readdirSync: vi.fn(actual.readdirSync) as unknown as typeof actual.readdirSync };
});

/** What `ps` and `/proc` tell alike. */
function shown(table: ReturnType<typeof readProcessTable>, pid: number) {
  const { parent, group, isZombie } = table.find((entry) => entry.pid === pid) ?? {};
  return { parent, group, isZombie };
}

describe("the table of processes", () => {
  it("has this process, the one that started it, and what it starts", async () => {
    const child = spawn("sleep", ["60"], { detached: true });
    const pid = child.pid as number;
    const table = readProcessTable();
    const own = table.find((entry) => entry.pid === process.pid);
    expect(own).toMatchObject({ parent: process.ppid, isZombie: false });
    expect(readProcess(process.pid)).toEqual(own);
    expect(table.map((entry) => entry.pid)).toContain(process.ppid);
    const started = readProcess(pid);
    expect(started).toMatchObject({ pid, parent: process.pid, group: pid, session: pid });
    expect(started?.startedAt).toBeGreaterThan(own?.startedAt ?? Number.POSITIVE_INFINITY);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(readProcess(pid)).toBeUndefined();
  });

  it("is read right whatever a program calls itself", async () => {
    const program = path.join(await temporaryFolder("process-table"), "x) S 1 1");
    await symlink("/bin/sh", program);
    const child = spawn(program, ["-c", "read line"], { detached: true });
    const pid = child.pid as number;
    expect(readProcess(pid)).toMatchObject({ parent: process.pid, group: pid, isZombie: false });
    child.stdin.end();
    await once(child, "exit");
  });

  it("is asked of ps where there is no /proc", () => {
    const byProc = shown(readProcessTable(), process.pid);
    vi.mocked(readdirSync).mockImplementationOnce(() => {
      throw new Error("ENOENT");
    });
    const byPs = readProcessTable();
    expect(shown(byPs, process.pid)).toEqual(byProc);
    expect(byPs.every(({ startedAt }) => startedAt > Date.parse("2020-01-01"))).toBe(true);
  });
});
