import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { JobsClient } from "../../client/jobs-client.ts";
import { JobBoard } from "../../local/job-board.ts";
import { startPlatform } from "../../local/platform.ts";
import type { Platform } from "../../local/platform-types.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** The whole platform, with the bundles that ship. */

let platform: Platform;
let jobs: JobsClient;
const board = new JobBoard();

beforeAll(async () => {
  const runs = await temporaryFolder("pause");
  platform = await startPlatform({ jobTypes: ["canary"], speed: 240, runs, report: () => undefined, variables: {} });
  platform.events?.onEvent((event) => board.apply(event));
  jobs = new JobsClient({ url: platform.api });
});
afterAll(async () => {
  await platform.stop();
});

const counts = () => platform.fleet.service("canary");
const noTask = async () => await vi.waitFor(() => expect(counts()).toMatchObject({ desiredCount: 0, runningCount: 0 }), 30_000);

describe("a type that is paused on this machine", () => {
  it("ends the job in hand, goes to no task, accepts jobs and starts none; resumed, it needs no new job", async () => {
    const signal = AbortSignal.timeout(60_000);
    const inHand = await jobs.add("canary", { op: "sleep", seconds: 3 });
    expect(await board.until(() => board.job(inHand.id)?.status === "RUNNING", signal)).toBe(true);
    const paused = await jobs.pause("canary", { reason: "a test" });
    expect(paused.paused).toMatchObject({ by: "iam:local", reason: "a test" });
    expect((await jobs.jobTypes())[0]?.paused).toEqual(paused.paused);
    expect(await jobs.wait(inHand, { signal })).toMatchObject({ status: "SUCCEEDED", attempt: 1 });
    await noTask();

    const waiting = await Promise.all([1, 2, 3].map((value) => jobs.add("canary", { op: "echo", value })));
    const { received } = board;
    // Minutes of the alarms' clock in which they saw the jobs, and would have started tasks.
    await vi.waitFor(async () => {
      const { series } = await jobs.status("canary", { hours: 1 });
      expect(series?.points.filter((point) => point.waiting === waiting.length).length).toBeGreaterThanOrEqual(5);
    }, 30_000);
    expect(counts()).toMatchObject({ desiredCount: 0, runningCount: 0 });
    for (const { id } of waiting) expect(await jobs.get(id)).toMatchObject({ status: "QUEUED", attempt: 0 });
    expect(board.received - received).toBeLessThanOrEqual(waiting.length);

    expect(await jobs.resume("canary")).not.toHaveProperty("paused");
    expect(counts()?.desiredCount).toBe(1);
    for await (const job of jobs.waitAll(waiting, { signal })) expect(job).toMatchObject({ status: "SUCCEEDED", attempt: 1 });
    await noTask();
  });
});
