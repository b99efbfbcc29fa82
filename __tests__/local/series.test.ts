import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { JobsClient } from "../../client/jobs-client.ts";
import { startPlatform } from "../../local/platform.ts";
import type { Platform } from "../../local/platform-types.ts";

/** A minute of the alarms and of the metrics is half a second. */
const SPEED = 120;

let folder: string;
let platform: Platform;
let jobs: JobsClient;

beforeAll(async () => {
  await mkdir(".local", { recursive: true });
  folder = await mkdtemp(path.join(".local", "series-"));
  const runs = path.join(folder, "runs");
  platform = await startPlatform({
    jobTypes: ["canary"],
    speed: SPEED,
    runs,
    events: false,
    report: () => undefined,
    variables: {},
  });
  jobs = new JobsClient({ url: platform.api });
});
afterAll(async () => {
  await platform.stop();
  await rm(folder, { recursive: true });
});

describe("the series of a type on one machine", () => {
  it("show what its queue, its tasks and its workers did, by the platform's clock", async () => {
    const added = await Promise.all([
      jobs.add("canary", { op: "echo", value: 1 }),
      jobs.add("canary", { op: "fail", message: "as told", permanent: true }),
      jobs.add("canary", { op: "sleep", seconds: 2 }),
    ]);
    for await (const { finishedAt } of jobs.waitAll(added)) expect(finishedAt).toBeDefined();
    // Workers write their metrics every ten seconds.
    await vi.waitFor(
      async () => {
        const { series, unread } = await jobs.status("canary", { hours: 72 });
        expect(unread).toBeUndefined();
        const points = series?.points ?? [];
        const sum = (of: "succeeded" | "failed") => points.reduce((total, point) => total + (point[of] ?? 0), 0);
        const most = (of: "tasks" | "running" | "runSeconds" | "queueWaitSeconds") =>
          Math.max(...points.map((point) => point[of] ?? Number.NEGATIVE_INFINITY));
        expect([sum("succeeded"), sum("failed")]).toEqual([2, 1]);
        expect(most("tasks")).toBeGreaterThanOrEqual(1);
        expect(most("running")).toBeGreaterThanOrEqual(0);
        expect(most("runSeconds")).toBeGreaterThanOrEqual(0);
        expect(most("queueWaitSeconds")).toBeGreaterThanOrEqual(0);
      },
      { timeout: 45_000, interval: 500 },
    );
  });
});
