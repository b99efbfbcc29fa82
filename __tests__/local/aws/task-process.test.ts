import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startTaskProcess } from "../../../local/aws/task-process.ts";
import { isRunning } from "../../support/processes.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "task-process-"));
  await writeFile(
    path.join(folder, "task.mjs"),
    `process.on("SIGTERM", () => { console.log("asked to stop"); if (process.env.OBEDIENT) process.exit(7); });
     setInterval(() => {}, 1_000);
     console.log("ready", process.pid, process.env.JOB_TYPE, process.cwd());`,
  );
  await writeFile(path.join(folder, "starting.mjs"), STARTING);
  await writeFile(path.join(folder, "clock.mjs"), CLOCK);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Starts a command that leads a group of its own, and another in that. */
const STARTING = `
  import { spawn } from "node:child_process";
  spawn("sh", ["-c", "sleep 60 & echo processes $PPID $$ $!; wait"], { detached: true, stdio: "inherit" });
  setInterval(() => {}, 1_000);`;

/** Says whether it is where it was told to be. */
const ENCLOSED = `
  import { readFileSync } from "node:fs";
  import path from "node:path";
  const { JOB_ENCLOSURE: group } = process.env;
  console.log("enclosed", group === undefined || readFileSync("/proc/self/cgroup", "utf8").includes(path.basename(group)));`;

/** Tells the time in each of its ways, in a thread, too. */
const CLOCK = `
  import { isMainThread, Worker } from "node:worker_threads";
  const date = new Date();
  console.log("time", JSON.stringify([Date.now(), +date, Date.parse(Date()), +new Date(7), date instanceof Date, Date.UTC(1970)]));
  if (isMainThread) new Worker(new URL(import.meta.url));`;

function definition(name: string, environment: NodeJS.ProcessEnv) {
  return {
    program: "task.mjs",
    directory: folder,
    environment: { ...process.env, ...environment },
    log: path.join(folder, name),
  };
}

async function logged(name: string, text: string): Promise<string> {
  return await vi.waitFor(async () => {
    const log = await readFile(path.join(folder, name), "utf8");
    expect(log).toContain(text);
    return log;
  }, 45_000);
}

describe("a task's process", () => {
  it("runs its program in its directory, with its environment and its log, and is asked to stop by SIGTERM", async () => {
    const task = startTaskProcess(definition("obedient.log", { JOB_TYPE: "canary", OBEDIENT: "yes" }));
    expect(await logged("obedient.log", "ready")).toContain(`canary ${folder}`);
    task.terminate();
    expect(await task.exit).toBe(7);
    expect(await logged("obedient.log", "asked to stop")).toContain("ready");
  });

  it("has its clock ahead of the machine's, its threads as well", async () => {
    const before = Date.now() - 1_000;
    const task = startTaskProcess({ ...definition("clock.log", {}), program: "clock.mjs", clockAheadMs: 3_600_000 });
    expect(await task.exit).toBe(0);
    const lines = (await logged("clock.log", "time")).trim().split("\n");
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const [now, made, told, ...others] = JSON.parse(line.slice("time ".length)) as number[];
      expect([now, made, told].map((time = 0) => Math.floor((time - before) / 60_000))).toEqual([60, 60, 60]);
      expect(others).toEqual([7, true, 0]);
    }
  });

  it("can be killed when it does not stop, and more than once", async () => {
    const task = startTaskProcess(definition("stubborn.log", {}));
    await logged("stubborn.log", "ready");
    task.terminate();
    await logged("stubborn.log", "asked to stop");
    task.kill();
    expect(await task.exit).toBe("SIGKILL");
    task.kill();
  });

  it("takes what it started with it when it is killed, also what leads a group of its own", async () => {
    const task = startTaskProcess({ ...definition("starting.log", {}), program: "starting.mjs" });
    const [, ...processes] = (await logged("starting.log", "\n")).trim().split(" ").map(Number);
    expect(processes.map(isRunning)).toEqual([true, true, true]);
    task.kill();
    expect(await task.exit).toBe("SIGKILL");
    await vi.waitFor(() => expect(processes.map(isRunning)).toEqual([false, false, false]), 45_000);
  });

  it("is in its control group before its program runs, where the system has any", async () => {
    await writeFile(path.join(folder, "enclosed.mjs"), ENCLOSED);
    const task = startTaskProcess({ ...definition("enclosed.log", {}), program: "enclosed.mjs" });
    expect(await task.exit).toBe(0);
    expect(await readFile(path.join(folder, "enclosed.log"), "utf8")).toBe("enclosed true\n");
  });

  it("ends when the process that started it is killed, with what it started itself", async () => {
    const starter = path.join(folder, "starter.mjs");
    const module = new URL("../../../local/aws/task-process.ts", import.meta.url).href;
    const task = { ...definition("orphan.log", {}), program: "starting.mjs" };
    await writeFile(starter, `(await import(${JSON.stringify(module)})).startTaskProcess(${JSON.stringify(task)});`);
    const parent = spawn(process.execPath, [starter]);
    const [, ...processes] = (await logged("orphan.log", "\n")).trim().split(" ").map(Number);
    expect(processes.map(isRunning)).toEqual([true, true, true]);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await vi.waitFor(() => expect(processes.map(isRunning)).toEqual([false, false, false]), 45_000);
  });
});
