import { describe, expect, it } from "vitest";
import { addJob } from "./api-calls.ts";
import type { Interceptor } from "./call-gate.ts";
import type { Script } from "./scripted-job.ts";
import { startWorker } from "./simulated-worker.ts";
import { World } from "./world.ts";
import { worldSuite } from "./world-suite.ts";

const platform = worldSuite();

/** A world with a worker and a job that is being added. */
async function openWorld(script: Script, intercept?: Interceptor) {
  const world = await World.open(platform(), intercept === undefined ? {} : { intercept });
  const worker = startWorker(world);
  const added = addJob(world, { script });
  return { world, worker, added };
}

function callsOf({ tries }: World): string[] {
  return tries.map(({ process, number, operation }) => `${process.name}:${number}:${operation}`);
}

function statuses({ recorder }: World): string[] {
  return recorder.facts.flatMap((fact) => (fact.kind === "committed" ? [fact.job.status] : []));
}

describe("a simulated world", () => {
  it("lets a time pass that a test could not wait for, with the heartbeats in it", async () => {
    const { world } = await openWorld({ waitSeconds: 55 });
    const begun = world.now;
    expect(await world.settle()).toBe(true);
    expect(world.now - begun).toBeGreaterThan(55_000);
    expect(world.recorder.facts.filter(({ kind }) => kind === "leaseExtended")).toHaveLength(5);
    expect(statuses(world)).toEqual(["QUEUED", "RUNNING", "SUCCEEDED"]);
    await world.close();
  });

  it("gives a process the clock that it has been started with", async () => {
    const world = await World.open(platform());
    startWorker(world, { skewMs: 600_000 });
    addJob(world);
    expect(await world.settle()).toBe(true);
    const jobs = world.recorder.facts.flatMap((fact) => (fact.kind === "committed" ? [fact.job] : []));
    const [added, claimed] = jobs.map(({ updatedAt }) => Date.parse(updatedAt));
    expect((claimed ?? 0) - (added ?? 0)).toBeGreaterThanOrEqual(600_000);
    await world.close();
  });
});

describe("a process that is killed", () => {
  it("before its call leaves the call undone, and never runs on", async () => {
    const { world, worker } = await openWorld({}, async (attempt, perform) => {
      if (attempt.process.kind !== "worker" || attempt.operation !== "UpdateItem") return await perform();
      attempt.process.kill();
      return {};
    });
    expect(await world.settle(600)).toBe(false);
    expect(statuses(world)).toEqual(["QUEUED"]);
    expect(callsOf(world).at(-1)).toMatch(/^add#1|^worker#1:2:UpdateItem$/);
    expect(worker.process.tries).toBe(2);
    await world.close();
  });

  it("after its call leaves the call done, and its answer unheard", async () => {
    const { world, worker } = await openWorld({}, async (attempt, perform) => {
      const output = await perform();
      if (attempt.process.kind === "worker" && attempt.operation === "UpdateItem") attempt.process.kill();
      return output;
    });
    expect(await world.settle(600)).toBe(false);
    expect(statuses(world)).toEqual(["QUEUED", "RUNNING"]);
    expect(world.recorder.facts.some(({ kind }) => kind === "handlerStarted")).toBe(false);
    expect(worker.process.tries).toBe(2);
    await world.close();
  });
});

describe("a process that stands still", () => {
  it("renews no lease, and goes on when it resumes", async () => {
    const { world, worker } = await openWorld({ waitSeconds: 1 });
    const runs = (by: string) => () => world.recorder.facts.some((fact) => fact.kind === "handlerStarted" && fact.by === by);
    expect(await world.until(runs("worker#1"))).toBe(true);
    worker.process.stall();
    startWorker(world);
    expect(await world.until(runs("worker#2"))).toBe(true);
    worker.process.resume();
    expect(await world.settle()).toBe(true);
    expect(statuses(world)).toEqual(["QUEUED", "RUNNING", "RUNNING", "SUCCEEDED"]);
    expect(world.log.join("\n")).toContain("worker#1: job lost its lease");
    await world.close();
  });
});
