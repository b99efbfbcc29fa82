import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { MAX_LIST_PARTITIONS } from "../../domain/limits.ts";
import { defineEnvironment } from "../../environments/define-environment.ts";
import { FAST_PATH } from "../../scaling/simulator/policies/fast-path.ts";
import { LAUNCH_BURST, LAUNCHES_PER_SECOND } from "../../scaling/simulator/service.ts";
import { CAPACITY_DOCUMENT, capacityText } from "../../scripts/capacity.ts";
import { ceilings, metInOrder } from "../../scripts/capacity-ceilings.ts";
import { BATCHED, LARGE_LOAD, TARGET } from "../../scripts/capacity-document.ts";
import { DEFAULT_LOAD, indexWrites, type Load, tableWrites, tasksOf } from "../../scripts/capacity-load.ts";
import { batchedAdds, launchSeconds, needs, partitionsFor } from "../../scripts/capacity-needs.ts";
import { QUOTAS } from "../../scripts/quotas.ts";
import { buildBundles, buildJobType } from "../modules/synthesized.ts";

function ceilingOf(part: string, load: Partial<Load> = {}): number | undefined {
  return ceilings({ ...DEFAULT_LOAD, ...load }).find((ceiling) => ceiling.part === part)?.jobsPerSecond;
}

describe("how far each part goes", () => {
  it("is 500 jobs a second of a type for each partition of its lists, as QUEUED is written to twice a job", () => {
    const part = "Index by type and status, QUEUED";
    expect(ceilingOf(part)).toBe(500);
    expect(ceilingOf(part, { listPartitions: 20 })).toBe(TARGET);
    expect(ceilingOf(part, { listPartitions: MAX_LIST_PARTITIONS })).toBeGreaterThanOrEqual(1.5 * TARGET);
    expect(ceilingOf("Index by owner", { listPartitions: 10 })).toBe(TARGET);
  });

  it("counts the writes of the table by the whole item, with the renewals of the lease, and each entry of the index", () => {
    expect([tableWrites(1), tableWrites(10), tableWrites(25), indexWrites()]).toEqual([6, 8, 10, 5]);
  });

  it("is what requests and executions add, by the job or by the batch", () => {
    expect(ceilingOf("Lambda `add-job`")).toBe(10_000);
    expect(ceilingOf("Lambda `add-job`", { batches: true })).toBe(150_000);
    expect(ceilingOf("HTTP API", { batches: true })).toBe(3_000_000);
    expect(ceilingOf("HTTP API, the environment's `throttling`")).toBe(100);
  });

  it("is what the tasks run, as many as processors, the service and the network allow", () => {
    expect(tasksOf(DEFAULT_LOAD)).toBe(24);
    expect(tasksOf({ ...DEFAULT_LOAD, accountVcpus: 1_000 })).toBe(4_000);
    expect(tasksOf({ ...DEFAULT_LOAD, accountVcpus: 100_000 })).toBe(QUOTAS.tasksPerService.value);
    expect(ceilingOf("Fargate, processors")).toBeCloseTo(2.4);
    expect(ceilingOf("ECS, tasks of a service", { concurrency: 100, jobSeconds: 10 })).toBe(50_000);
    expect(ceilingOf("SQS, in flight", { jobSeconds: 60 })).toBe(2_000);
  });

  it("is what the simulator has of the same quotas", () => {
    const { taskLaunchBurst, taskLaunches, serviceUpdateBurst, serviceUpdates } = QUOTAS;
    expect({ LAUNCH_BURST, LAUNCHES_PER_SECOND }).toEqual({
      LAUNCH_BURST: taskLaunchBurst.value,
      LAUNCHES_PER_SECOND: taskLaunches.value,
    });
    expect(FAST_PATH).toMatchObject({ updatesPerSecond: serviceUpdates.value, updateBurst: serviceUpdateBurst.value });
  });

  it("has an order: processors, requests, lists", () => {
    expect(
      metInOrder(DEFAULT_LOAD)
        .slice(0, 3)
        .map(({ part }) => part),
    ).toEqual(["Fargate, processors", "HTTP API, the environment's `throttling`", "Index by type and status, QUEUED"]);
  });

  it("begins with the settings that an environment and a job type have by default", async () => {
    const network = { kind: "existing", vpcId: "vpc-00000000", subnetIds: ["subnet-00000000", "subnet-00000001"] } as const;
    const backend = { kind: "local", path: "states" } as const;
    const { throttling } = defineEnvironment({ name: "a", accountId: "000000000000", region: "us-east-1", backend, network });
    expect(DEFAULT_LOAD.throttling).toBe(throttling.requestsPerSecond);
    const { container, concurrency, listPartitions } = buildJobType({ name: "plain" });
    expect(DEFAULT_LOAD).toMatchObject({ vcpus: container.cpu / 1_024, concurrency, listPartitions });
  });
});

describe("what a rate takes", () => {
  it("is no more of the lists than they have, of 10,000 jobs a second of one type", () => {
    const shares = new Map(needs(LARGE_LOAD, TARGET).map(({ ceiling, share }) => [ceiling.part, share]));
    expect(shares.get("Index by type and status, QUEUED")).toBeCloseTo(0.625);
    expect(shares.get("Index by owner")).toBeLessThan(1);
    // What AWS raises for who asks.
    expect([...shares].filter(([, share]) => share > 1).map(([part]) => part)).toEqual([
      "Jobs table",
      "Index by type and status, all of it",
    ]);
    expect(partitionsFor(TARGET)).toBeLessThanOrEqual(MAX_LIST_PARTITIONS);
  });

  it("fits the quotas, of 2,000 jobs a second that come in batches", () => {
    const adds = batchedAdds(BATCHED, 10);
    expect(adds).toMatchObject({
      tableWritesPerSecond: 16_000,
      queuedWritesPerSecond: 4_000,
      eventsPerSecond: 6_000,
      listPartitions: 7,
    });
    expect(adds.requestsPerSecond).toBeLessThan(DEFAULT_LOAD.throttling);
    expect(adds.executions).toBeLessThan(14);
  });

  it("is a burst of tasks at once, and time for the others", () => {
    expect([launchSeconds(1), launchSeconds(100), launchSeconds(500)]).toEqual([0, 0, 20]);
  });
});

describe(CAPACITY_DOCUMENT, () => {
  it("is what npm run capacity writes", async () => {
    expect(await readFile(CAPACITY_DOCUMENT, "utf8"), "run: npm run capacity").toBe(await capacityText(await buildBundles()));
  });
});
