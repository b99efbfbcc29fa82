import { describe, expect, it, vi } from "vitest";
import { Fleet, type FleetSettings } from "../../../local/aws/fleet.ts";
import { standInTasks } from "../stand-in-tasks.ts";

function fleetOf(overrides: Partial<FleetSettings> & { obedient?: boolean } = {}) {
  const { obedient = true, ...settings } = overrides;
  const { tasks, startTask } = standInTasks({ obedient });
  const reports: string[] = [];
  const fleet = new Fleet({
    services: ["a", "b"],
    maxTasks: 4,
    startTask,
    report: (line) => reports.push(line),
    now: () => Date.now(),
    ...settings,
  });
  return { fleet, tasks, reports };
}

/** Settles when the service runs so many tasks. */
async function running(fleet: Fleet, service: string, count: number): Promise<void> {
  if (fleet.counts.running(service) === count) return;
  await new Promise<void>((resolve) => {
    const stop = fleet.counts.onChange((changed, now) => {
      if (changed !== service || now !== count) return;
      stop();
      resolve();
    });
  });
}

describe("the fleet", () => {
  it("runs as many tasks as are desired", async () => {
    const { fleet } = fleetOf();
    fleet.setDesiredCount("a", 2);
    expect(fleet.service("a")).toEqual({ desiredCount: 2, runningCount: 2, pendingCount: 0 });
    fleet.setDesiredCount("a", 0);
    await running(fleet, "a", 0);
    expect(fleet.service("a")).toEqual({ desiredCount: 0, runningCount: 0, pendingCount: 0 });
    expect(fleet.counts.history("a").map(({ running }) => running)).toEqual([0, 1, 2, 1, 0]);
  });

  it("lets tasks wait for capacity, and starts them when there is some", async () => {
    const { fleet } = fleetOf({ maxTasks: 2 });
    fleet.setDesiredCount("a", 2);
    fleet.setDesiredCount("b", 1);
    expect(fleet.service("b")).toEqual({ desiredCount: 1, runningCount: 0, pendingCount: 1 });
    fleet.setDesiredCount("a", 1);
    await running(fleet, "b", 1);
    expect(fleet.service("b")?.pendingCount).toBe(0);
  });

  it("stops a protected task only once its protection ends", async () => {
    const { fleet, tasks } = fleetOf();
    fleet.setDesiredCount("a", 1);
    const [task] = tasks;
    expect(fleet.protect(task!.id, Date.now() + 60_000)).toBe(true);
    fleet.setDesiredCount("a", 0);
    expect(task!.signals).toEqual([]);
    fleet.protect(task!.id, 0);
    await running(fleet, "a", 0);
    expect(task!.signals).toEqual(["SIGTERM"]);
  });

  it("stops a protected task when its protection runs out", async () => {
    const { fleet, tasks } = fleetOf();
    fleet.setDesiredCount("a", 1);
    fleet.protect(tasks[0]!.id, Date.now() + 20);
    fleet.setDesiredCount("a", 0);
    expect(tasks[0]!.signals).toEqual([]);
    await running(fleet, "a", 0);
    expect(tasks[0]!.signals).toEqual(["SIGTERM"]);
  });

  it("protects no more tasks than are desired, and none that is stopping or gone", () => {
    const { fleet, tasks } = fleetOf({ obedient: false });
    fleet.setDesiredCount("a", 2);
    fleet.protect(tasks[0]!.id, Date.now() + 60_000);
    fleet.setDesiredCount("a", 1);
    expect(tasks[1]!.signals).toEqual(["SIGTERM"]);
    expect(fleet.protect(tasks[1]!.id, Date.now() + 60_000)).toBe(false);
    expect(fleet.protect("unknown", Date.now() + 60_000)).toBe(false);
  });

  it("kills a task that does not end within the stop timeout", async () => {
    const { fleet, tasks } = fleetOf({ obedient: false, stopTimeoutMs: 5 });
    fleet.setDesiredCount("a", 1);
    fleet.setDesiredCount("a", 0);
    expect(await tasks[0]!.exit).toBe("SIGKILL");
    expect(tasks[0]!.signals).toEqual(["SIGTERM", "SIGKILL"]);
  });

  it("replaces a task that ran well at once, and says so", async () => {
    const clock = { now: 0 };
    const { fleet, tasks, reports } = fleetOf({ now: () => clock.now });
    fleet.setDesiredCount("a", 1);
    clock.now = 60_000;
    tasks[0]!.end("SIGKILL");
    await running(fleet, "a", 0);
    await running(fleet, "a", 1);
    expect(reports).toEqual([`worker a-${tasks[0]!.id.slice(0, 8)} ended by itself with SIGKILL; a new one starts`]);
  });

  it("names the error and the log of a task that ended by itself", async () => {
    const told = ({ id }: { readonly id: string }) => ({ error: "Error: boom", log: `logs/${id}.log` });
    const { fleet, tasks, reports } = fleetOf({ told });
    fleet.setDesiredCount("a", 1);
    tasks[0]!.end(1);
    await running(fleet, "a", 0);
    const { id } = tasks[0]!;
    expect(reports).toEqual([
      `worker a-${id.slice(0, 8)} ended by itself with exit code 1: Error: boom (log: logs/${id}.log); a new one starts in 1 s`,
    ]);
  });

  it("waits ever longer before it replaces tasks that crash at their start", async () => {
    vi.useFakeTimers();
    try {
      const { fleet, tasks, reports } = fleetOf();
      fleet.setDesiredCount("a", 1);
      for (const seconds of [1, 2, 4]) {
        tasks.at(-1)!.end(1);
        await vi.advanceTimersByTimeAsync(seconds * 1_000 - 10);
        expect(fleet.service("a")).toMatchObject({ runningCount: 0, pendingCount: 1 });
        await vi.advanceTimersByTimeAsync(20);
        expect(fleet.service("a")).toMatchObject({ runningCount: 1, pendingCount: 0 });
      }
      expect(reports.at(-1)).toContain("ended by itself with exit code 1; a new one starts in 4 s");
    } finally {
      vi.useRealTimers();
    }
  });

  it("stops every task, protected or not, kills what is left after the grace, and starts no more", async () => {
    const { fleet, tasks, reports } = fleetOf({ obedient: false });
    fleet.setDesiredCount("a", 1);
    fleet.setDesiredCount("b", 1);
    fleet.protect(tasks[0]!.id, Date.now() + 60_000);
    tasks[1]!.exit.then(() => fleet.setDesiredCount("b", 3));
    await fleet.stop(5);
    expect(tasks.map(({ signals }) => signals)).toEqual([
      ["SIGTERM", "SIGKILL"],
      ["SIGTERM", "SIGKILL"],
    ]);
    expect(reports).toEqual([]);
  });

  it("has no service of another name", () => {
    const { fleet } = fleetOf();
    expect(fleet.service("c")).toBeUndefined();
    expect(() => fleet.setDesiredCount("c", 1)).toThrow(RangeError);
  });
});
