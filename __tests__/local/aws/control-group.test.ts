import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { controlGroup, makeControlGroup } from "../../../local/aws/control-group.ts";
import { isRunning } from "../../support/processes.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("a control group", () => {
  it("is what its folder says: who is in it, who enters it, and that all of them end", async () => {
    const folder = await temporaryFolder("control-group");
    await writeFile(path.join(folder, "cgroup.procs"), "7\n70\n");
    const group = controlGroup(folder);
    expect(group.pids()).toEqual(new Set([7, 70]));
    group.add(71);
    expect(await readFile(path.join(folder, "cgroup.procs"), "utf8")).toBe("71");
    group.kill();
    expect(await readFile(path.join(folder, "cgroup.kill"), "utf8")).toBe("1");
  });

  it("is removed once it is empty, and may be gone", async () => {
    const above = await temporaryFolder("control-group");
    await mkdir(path.join(above, "group"));
    const group = controlGroup(path.join(above, "group"));
    await group.remove();
    await group.remove();
    expect(await readdir(above)).toEqual([]);
    expect(group.pids()).toEqual(new Set());
    group.kill();
  });

  it("is there only where the system has one to make, and then takes what a process starts with it", async () => {
    const group = makeControlGroup("test");
    const child = spawn("sh", ["-c", "read line; env -i setsid sh -c 'sleep 600 > /dev/null & echo $!' & wait; sleep 600"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    group?.add(child.pid as number);
    child.stdin?.end("go\n");
    const [written] = await once(child.stdout as NodeJS.ReadableStream, "data");
    const daemon = Number(String(written).trim());
    const exit = once(child, "exit");
    if (group === undefined) process.kill(daemon, "SIGKILL");
    else expect(group.pids().has(daemon)).toBe(true);
    group?.kill();
    child.kill("SIGKILL");
    await exit;
    await group?.remove();
    expect(group?.pids() ?? new Set()).toEqual(new Set());
    expect(isRunning(daemon)).toBe(false);
  });
});
