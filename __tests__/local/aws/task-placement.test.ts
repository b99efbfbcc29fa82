import { describe, expect, it } from "vitest";
import { mayProtect, type PlacedTask, placeTasks, type ServiceDemand } from "../../../local/aws/task-placement.ts";

const task = (id: string, overrides: Partial<PlacedTask> = {}): PlacedTask => ({
  id,
  service: "a",
  stopping: false,
  isProtected: false,
  ...overrides,
});
const service = (name: string, desiredCount: number, held = false): ServiceDemand => ({ name, desiredCount, held });

describe("the placement of tasks", () => {
  it("starts what a service lacks", () => {
    expect(placeTasks([task("1")], [service("a", 3)], 10)).toEqual({ stop: [], start: ["a", "a"] });
  });

  it("stops the newest of too many tasks", () => {
    expect(placeTasks([task("1"), task("2"), task("3")], [service("a", 1)], 10).stop).toEqual(["3", "2"]);
  });

  it("stops unprotected tasks, and no protected one whatever the desired count", () => {
    const tasks = [task("1"), task("2", { isProtected: true }), task("3", { isProtected: true })];
    expect(placeTasks(tasks, [service("a", 2)], 10).stop).toEqual(["1"]);
    expect(placeTasks(tasks, [service("a", 0)], 10).stop).toEqual(["1"]);
  });

  it("counts a task that is stopping as gone, but not its capacity as free", () => {
    const tasks = [task("1", { stopping: true })];
    expect(placeTasks(tasks, [service("a", 1)], 2).start).toEqual(["a"]);
    expect(placeTasks(tasks, [service("a", 1)], 1).start).toEqual([]);
  });

  it("shares scarce capacity, the service with the fewest tasks first", () => {
    expect(placeTasks([task("1"), task("2")], [service("a", 9), service("b", 9), service("c", 1)], 6).start).toEqual([
      "b",
      "c",
      "b",
      "a",
    ]);
  });

  it("starts nothing for a service whose tasks crash", () => {
    expect(placeTasks([], [service("a", 1, true), service("b", 1)], 4).start).toEqual(["b"]);
  });
});

describe("one more protected task", () => {
  it("is refused when more would be protected than the service is to run", () => {
    const tasks = [task("1", { isProtected: true }), task("2"), task("3", { service: "b", isProtected: true })];
    expect(mayProtect(tasks, "2", 2)).toBe(true);
    expect(mayProtect(tasks, "2", 1)).toBe(false);
  });

  it("may renew its own protection", () => {
    expect(mayProtect([task("1", { isProtected: true })], "1", 1)).toBe(true);
  });
});
