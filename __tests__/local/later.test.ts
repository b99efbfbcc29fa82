import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Job } from "../../domain/job.ts";
import { jobIdForKey } from "../../domain/job-id.ts";
import { jobScheduleName } from "../../domain/schedule-settings.ts";
import { ApiClient } from "../../local/api-client.ts";
import { SCHEDULE_GROUP } from "../../local/aws/scheduler.ts";
import { JobBoard } from "../../local/job-board.ts";
import { startPlatform } from "../../local/platform.ts";
import type { Platform } from "../../local/platform-types.ts";

/** The whole platform, with jobs that are due later, and a schedule. */

/** Nobody waits so long: the platform's clock is set to then. */
const DUE_MS = 3_600_000;

let folder: string;
let platform: Platform;
let api: ApiClient;
let scheduler: SchedulerClient;
let scheduledTime: string;
const board = new JobBoard();

beforeAll(async () => {
  await mkdir(".local", { recursive: true });
  folder = await mkdtemp(path.join(".local", "later-"));
  const jobs = path.join(folder, "jobs");
  await mkdir(path.join(jobs, "canary"), { recursive: true });
  scheduledTime = `${new Date(Date.now() + DUE_MS).toISOString().slice(0, -".000Z".length)}Z`;
  const schedules = [
    { name: "greeting", expression: `at(${scheduledTime.slice(0, -1)})`, input: { op: "echo", value: "good morning" } },
  ];
  await writeFile(path.join(jobs, "canary", "deployment.ts"), `export default () => (${JSON.stringify({ schedules })});`);
  const settings = { jobTypes: ["canary"], speed: 120, runs: path.join(folder, "runs"), jobs: [jobs], report: () => undefined };
  platform = await startPlatform({ ...settings, variables: {} });
  platform.events?.onEvent((event) => board.apply(event));
  api = new ApiClient(platform.api, {});
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  scheduler = new SchedulerClient({ endpoint: platform.scheduler.address, region: "us-east-1", credentials });
});

afterAll(async () => {
  scheduler.destroy();
  await platform.stop();
  await rm(folder, { recursive: true });
});

const scheduleOf = (job: Pick<Job, "id" | "runAt">) =>
  scheduler.send(new GetScheduleCommand({ Name: jobScheduleName(job), GroupName: SCHEDULE_GROUP }));

describe("jobs for later", () => {
  it("are schedules until they are due, and start no worker", async () => {
    const { status, body } = await api.addJob({ type: "canary", input: { op: "echo", value: 1 }, delaySeconds: 7_200 });
    expect(status).toBe(202);
    const { ScheduleExpression, Target } = await scheduleOf(body);
    const dueAt = `${ScheduleExpression?.slice("at(".length, -1)}Z`;
    expect(Date.parse(dueAt) - Date.parse(body.runAt ?? "")).toBeLessThan(1_000);
    expect(JSON.parse(Target?.Input ?? "")).toEqual({ jobId: body.id, runAt: body.runAt, groupId: body.groupId });
    expect(platform.fleet.service("canary")?.desiredCount).toBe(0);

    const cancelled = await api.cancel(body.id);
    expect([cancelled.status, cancelled.body.status]).toEqual([200, "CANCELLED"]);
    await expect(scheduleOf(body)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("are added by a schedule at its time, under its name", async () => {
    platform.setClockAhead(Date.parse(scheduledTime) - Date.now());
    const id = jobIdForKey("canary", "schedule:canary/greeting", new Date(scheduledTime).toISOString());
    expect(await board.until(() => board.job(id)?.status === "SUCCEEDED", AbortSignal.timeout(45_000))).toBe(true);
    const { owner, createdAt, result } = await api.job(id);
    expect({ owner, result }).toEqual({ owner: "schedule:canary/greeting", result: { value: "good morning" } });
    expect(Date.parse(createdAt)).toBeGreaterThanOrEqual(Date.parse(scheduledTime));
  });

  it("start a worker when they are due, and run then", async () => {
    const { body } = await api.addJob({ type: "canary", input: { op: "echo", value: 2 }, delaySeconds: 7_200 });
    const gone = () => platform.fleet.service("canary")?.desiredCount === 0 && platform.fleet.counts.total() === 0;
    await new Promise<void>((resolve) => {
      const stop = platform.fleet.counts.onChange(() => settle());
      const settle = () => gone() && (stop(), resolve());
      settle();
    });
    const runAt = Date.parse(body.runAt ?? "");
    platform.setClockAhead(runAt - Date.now());
    expect(await board.until(() => board.job(body.id)?.status === "SUCCEEDED", AbortSignal.timeout(45_000))).toBe(true);
    const startedAt = Date.parse((await api.job(body.id)).startedAt ?? "");
    expect(startedAt - runAt, "by the platform's clock").toBeGreaterThanOrEqual(0);
    expect(startedAt - runAt).toBeLessThan(60_000);
  });
});
