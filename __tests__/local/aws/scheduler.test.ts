import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SCHEDULE_GROUP, type Scheduler, startScheduler } from "../../../local/aws/scheduler.ts";

let scheduler: Scheduler;
let client: SchedulerClient;
let invoked: string[];
let reports: string[];
let failures: number;
let aheadMs: number;
let onInvoked: () => void;

beforeEach(async () => {
  [invoked, reports, failures, aheadMs, onInvoked] = [[], [], 0, 0, () => undefined];
  scheduler = await startScheduler({
    invoke: async (input) => {
      invoked.push(input);
      onInvoked();
      if (invoked.length <= failures) throw new Error("the Lambda failed");
    },
    now: () => Date.now() + aheadMs,
    report: (line) => reports.push(line),
  });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  client = new SchedulerClient({ endpoint: scheduler.address, region: "us-east-1", credentials, maxAttempts: 1 });
});

afterEach(async () => {
  client.destroy();
  await scheduler.stop();
});

const NAME = "canary_01K91ABCDEFGHJKMNPQRSTVWXY";
const once = (more: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
  Name: NAME,
  GroupName: SCHEDULE_GROUP,
  ScheduleExpression: "at(2099-12-24T18:00:00)",
  FlexibleTimeWindow: { Mode: "OFF" },
  ActionAfterCompletion: "DELETE",
  Target: {
    Arn: "arn:aws:lambda:us-east-1:000000000000:function:schedule",
    RoleArn: "arn:aws:iam::000000000000:role/r",
    Input: '{"a":1}',
  },
  ...more,
});
const invocations = async (count: number) => {
  await new Promise<void>((resolve) => {
    onInvoked = () => invoked.length >= count && resolve();
    onInvoked();
  });
  return invoked;
};

describe("EventBridge Scheduler's API", () => {
  it("makes, reads, changes and deletes schedules", async () => {
    await client.send(new CreateScheduleCommand(once()));
    const get = () => client.send(new GetScheduleCommand({ Name: NAME, GroupName: SCHEDULE_GROUP }));
    expect(await get()).toMatchObject({
      Name: NAME,
      ScheduleExpression: "at(2099-12-24T18:00:00)",
      Target: { Input: '{"a":1}' },
    });
    await client.send(new UpdateScheduleCommand(once({ ScheduleExpression: "at(2099-12-24T19:00:00)" })));
    expect(await get()).toMatchObject({ ScheduleExpression: "at(2099-12-24T19:00:00)" });
    await client.send(new DeleteScheduleCommand({ Name: NAME, GroupName: SCHEDULE_GROUP }));
    await expect(get()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("answers the same call again, and refuses another one, by its token", async () => {
    await client.send(new CreateScheduleCommand(once({ ClientToken: "one" })));
    await client.send(new CreateScheduleCommand(once({ ClientToken: "one" })));
    const another = client.send(new CreateScheduleCommand(once({ ClientToken: "two" })));
    await expect(another).rejects.toMatchObject({ name: "ConflictException" });
  });

  it.each([
    ["changing what is not there", () => new UpdateScheduleCommand(once()), "ResourceNotFoundException"],
    ["another group", () => new CreateScheduleCommand(once({ GroupName: "other" })), "ResourceNotFoundException"],
    ["no expression", () => new CreateScheduleCommand(once({ ScheduleExpression: "at(soon)" })), "ValidationException"],
  ])("refuses %s", async (_, command, name) => {
    await expect(client.send(command() as CreateScheduleCommand)).rejects.toMatchObject({ name });
  });
});

describe("the clock", () => {
  it("invokes the target when a schedule is due, and deletes the schedule", async () => {
    await client.send(new CreateScheduleCommand(once({ ScheduleExpression: "at(2020-01-01T00:00:00)" })));
    expect(await invocations(1)).toEqual(['{"a":1}']);
    const get = client.send(new GetScheduleCommand({ Name: NAME, GroupName: SCHEDULE_GROUP }));
    await expect(get).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("may be set ahead: what is due by then is invoked", async () => {
    await client.send(new CreateScheduleCommand(once()));
    await client.send(new CreateScheduleCommand(once({ Name: "later", ScheduleExpression: "at(2099-12-24T18:00:01)" })));
    scheduler.clockSet();
    expect(invoked).toEqual([]);
    aheadMs = Date.parse("2099-12-24T17:59:59.990Z") - Date.now();
    scheduler.clockSet();
    expect(await invocations(1)).toEqual(['{"a":1}']);
  });

  it("tries an invocation again that failed, and says so once", async () => {
    failures = 1;
    const target = { Arn: "a", RoleArn: "r", Input: "{}" };
    const passed = { ScheduleExpression: "at(2020-01-01T00:00:00)", ActionAfterCompletion: "DELETE", Target: target } as const;
    scheduler.put("now", passed);
    expect(await invocations(2)).toEqual(["{}", "{}"]);
    expect(reports).toEqual(["the schedule now will be tried again: the Lambda failed"]);
  });
});
