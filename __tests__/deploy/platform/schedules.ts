import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { beforeAll, describe, expect, it } from "vitest";
import { jobIdForKey } from "../../../domain/job-id.ts";
import { SCHEDULED_TIME } from "../../../domain/schedule-event.ts";
import { declaredScheduleName, jobScheduleName, scheduleOwner } from "../../../domain/schedule-settings.ts";
import { platformNames } from "../../../modules/names.ts";
import { polledQueues } from "../deployed-api.ts";
import type { DeployedPlatform } from "../deployed-platform.ts";
import { DEPLOYED_TYPES } from "../deployment.ts";

/** Schedules as they were deployed, or made by the deployed Lambda. moto's scheduler runs none: what is due is invoked here. */

const [CANARY, , ORDER_TOTALS] = DEPLOYED_TYPES;

/** As EventBridge Scheduler describes it (GetSchedule). */
interface DeployedSchedule {
  readonly ScheduleExpression: string;
  readonly Target: { readonly Arn: string; readonly Input: string };
}

let platform: DeployedPlatform;

async function schedule(name: string): Promise<DeployedSchedule> {
  const { scheduleGroup } = platformNames(platform.environment);
  return (await platform.aws.get("scheduler", `/schedules/${name}?groupName=${scheduleGroup}`)) as DeployedSchedule;
}

const invoke = async ({ Target: { Input } }: DeployedSchedule, time = "") =>
  await platform.lambdas.invoke("schedule", JSON.parse(Input.replaceAll(SCHEDULED_TIME, time)));

async function messages(type: string): Promise<number> {
  const { Attributes } = await platform.aws.clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: platform.jobType(type).queueUrl,
      AttributeNames: ["ApproximateNumberOfMessages"],
    }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}

/** @param on what was deployed, once it has started. */
export function schedules(on: () => DeployedPlatform): void {
  describe("its schedules", () => {
    beforeAll(() => {
      platform = on();
    });

    describe("a deployed schedule", () => {
      it("adds a job of its type at each of its times, once", async () => {
        const deployed = await schedule(declaredScheduleName(ORDER_TOTALS, "nightly"));
        expect(deployed).toMatchObject({
          ScheduleExpression: "cron(30 2 * * ? *)",
          ScheduleExpressionTimezone: "Europe/Berlin",
          State: "ENABLED",
          Target: { Arn: platform.functions.get("schedule")?.FunctionArn, RetryPolicy: { MaximumRetryAttempts: 185 } },
        });
        const time = "2026-12-01T01:30:00Z";
        await invoke(deployed, time);
        await invoke(deployed, time);
        const owner = scheduleOwner(ORDER_TOTALS, "nightly");
        const id = jobIdForKey(ORDER_TOTALS, owner, new Date(time).toISOString());
        const { body: job } = await platform.lambdas.request("getJob", { id });
        expect(job).toMatchObject({ id, owner, status: "QUEUED", version: 1, input: { day: "yesterday" } });
        expect((await platform.lambdas.request("cancelJob", { id })).status).toBe(200);
      });

      it("is listed with its job type, and with its next time", async () => {
        const { body } = await platform.lambdas.request("listJobTypes");
        const { schedules } = body.items.find(({ name }: { name: string }) => name === ORDER_TOTALS);
        expect(schedules).toMatchObject([{ name: "nightly", enabled: true, nextRunAt: expect.any(String) }]);
        expect(Date.parse(schedules[0].nextRunAt)).toBeGreaterThan(Date.now());
      });
    });

    describe("a job for later", () => {
      it("is a schedule in the platform's group, which sends its message, and goes when the job is cancelled", async () => {
        const body = { type: CANARY, input: { op: "echo", value: "later" }, delaySeconds: 3_600 };
        const { body: job } = await platform.lambdas.request("addJob", { body });
        const deployed = await schedule(jobScheduleName(job));
        expect(deployed).toMatchObject({ ActionAfterCompletion: "DELETE", State: "ENABLED" });
        const before = await messages(CANARY);
        // Early, so that the message is delayed.
        await invoke(deployed);
        expect(await messages(CANARY)).toBe(before);
        expect((await platform.lambdas.request("cancelJob", { id: job.id })).status).toBe(200);
        await expect(schedule(jobScheduleName(job))).rejects.toThrow("404");
      });
    });

    describe("what schedules could not do", () => {
      it("is polled by the Lambda that they invoke", async () => {
        const name = platformNames(platform.environment).scheduleDeadLetters;
        const lambda = platform.functions.get("schedule");
        expect(lambda === undefined ? [] : await polledQueues(platform.aws, lambda)).toEqual([
          expect.stringMatching(`:${name}$`),
        ]);
      });
    });
  });
}
