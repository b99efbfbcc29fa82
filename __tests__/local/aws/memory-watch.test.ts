import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { startMemoryWatch } from "../../../local/aws/memory-watch.ts";
import { firstToEnd, memoryKiB } from "../../../local/aws/task-memory.ts";
import { startTaskProcess, type TaskProcess } from "../../../local/aws/task-process.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = await temporaryFolder("memory-watch");
const tasks: TaskProcess[] = [];

afterEach(async () => {
  for (const task of tasks) task.kill();
  await Promise.all(tasks.splice(0).map(({ exit }) => exit));
});

/** Starts a task of a program, and the watch of it with a limit in MiB. */
async function watched(source: string, memoryMiB: number) {
  const name = `task-${tasks.length}.mjs`;
  await writeFile(path.join(folder, name), source);
  const definition = { program: name, directory: folder, environment: process.env, log: path.join(folder, `${name}.log`) };
  const task = startTaskProcess(definition);
  tasks.push(task);
  const reports: string[] = [];
  const looks = { count: 0, enough: Promise.withResolvers<void>() };
  const watch = startMemoryWatch({
    tasks: () => {
      looks.count += 1;
      if (looks.count === 20) looks.enough.resolve();
      return [{ id: "0123456789abcdef", service: "greedy", process: task }];
    },
    memoryMiB: new Map([["greedy", memoryMiB]]),
    report: (line) => void reports.push(line),
    everyMs: 50,
  });
  return { task, reports, looked: looks.enough.promise, stop: () => watch.stop() };
}

const HOLD = "setInterval(() => {}, 1_000);";
const GREEDY = `globalThis.held = Buffer.alloc(600 * 1_048_576, 1); ${HOLD}`;

describe("the watch of a worker's memory", () => {
  it("ends a worker that uses more than its container has, and says how much, and which setting to raise", async () => {
    const { task, reports, stop } = await watched(GREEDY, 512);
    expect(await task.exit).toBe("SIGKILL");
    await stop();
    expect(reports).toEqual([
      expect.stringMatching(
        /^worker greedy-01234567 used \d+ MiB of memory, and its container has 512; process \d+ of it was ended, as on Fargate\. Use less, or raise container\.memoryMiB of the job type greedy$/,
      ),
    ]);
    expect(Number(/used (\d+)/.exec(reports[0] as string)?.[1])).toBeGreaterThan(512);
  });

  it("leaves alone who stays within it", async () => {
    const { task, reports, looked, stop } = await watched(HOLD, 512);
    await looked;
    await stop();
    expect(reports).toEqual([]);
    task.kill();
    await task.exit;
  });
});

describe("the memory of processes", () => {
  it("counts once what they share", async () => {
    const shell = "x=$(head -c 60000000 /dev/zero | tr '\\0' x); (while :; do sleep 600; done) & echo $!; wait";
    const child = spawn("sh", ["-c", shell], { stdio: ["ignore", "pipe", "ignore"], detached: true });
    const [written] = await once(child.stdout as NodeJS.ReadableStream, "data");
    const pids = [child.pid as number, Number(String(written).trim())];
    const one = (await memoryKiB(pids.slice(0, 1), 0)) as number;
    expect(await memoryKiB(pids, Number.MAX_SAFE_INTEGER)).toBeGreaterThan(one * 1.8);
    expect(await memoryKiB(pids, 0)).toBeLessThan(one * 1.2);
    process.kill(-pids[0]!, "SIGKILL");
  });

  it("is nothing where they have ended", async () => {
    const child = spawn("true");
    await once(child, "exit");
    expect(await memoryKiB([child.pid as number], 0)).toBe(0);
  });

  it("ends first for whoever asked to go first, though others are larger", async () => {
    const child = spawn("sh", ["-c", "echo 1000 > /proc/self/oom_score_adj; echo ready; sleep 600"], { detached: true });
    await once(child.stdout, "data");
    expect(await firstToEnd([process.pid, child.pid as number])).toBe(child.pid);
    process.kill(-(child.pid as number), "SIGKILL");
  });
});
