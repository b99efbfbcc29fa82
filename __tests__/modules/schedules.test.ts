import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import {
  buildEnvironment,
  buildJobType,
  only,
  policies,
  type Resource,
  ref,
  synthesized,
  type Terraform,
} from "./synthesized.ts";

/** Terraform would read it as a reference. */
const LITERAL = ["last, $", "{as} it was"].join("");
const output = (name: string) => ref(`data.terraform_remote_state.platform.outputs.${name}`);

let platform: Terraform;
let jobType: Terraform;
let schedules: Readonly<Record<string, Resource>>;

beforeAll(async () => {
  ({ platform, jobType } = await synthesized(buildEnvironment(), [buildJobType()], {
    report: {
      schedules: [
        { name: "monthly", expression: "cron(0 6 1 * ? *)", timezone: "Europe/Berlin", input: { month: LITERAL } },
        {
          name: "often",
          expression: "rate(15 minutes)",
          input: { month: "this" },
          enabled: false,
          flexibleMinutes: 5,
          skipWhileRunning: true,
        },
      ],
    },
  }));
  schedules = Object.fromEntries(
    Object.values(jobType.resource.aws_scheduler_schedule ?? {}).map((found) => [found.name, found]),
  );
});

describe("the schedules of a job type", () => {
  it("are in its stack, as a reviewer reads them", () => {
    expect(Object.keys(schedules)).toEqual(["report.monthly", "report.often"]);
    const { input, ...target } = schedules["report.monthly"]?.target ?? {};
    expect(schedules["report.monthly"]).toMatchObject({
      description: "Adds a job of type report: monthly",
      group_name: output("schedule_group_name"),
      schedule_expression: "cron(0 6 1 * ? *)",
      schedule_expression_timezone: "Europe/Berlin",
      flexible_time_window: { mode: "OFF" },
      kms_key_arn: output("key_arn"),
      state: "ENABLED",
    });
    expect(target).toEqual({
      arn: output("schedule_function_arn"),
      role_arn: output("scheduler_role_arn"),
      retry_policy: { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 },
      dead_letter_config: { arn: output("schedule_dead_letter_queue_arn") },
    });
    // Terraform reads $${ as ${.
    expect(JSON.parse(input.replaceAll("$${", "${"))).toEqual({
      jobType: "report",
      schedule: "monthly",
      scheduledTime: "<aws.scheduler.scheduled-time>",
      input: { month: LITERAL },
      skipWhileRunning: false,
    });
  });

  it("may be disabled, and have a flexible window", () => {
    expect(schedules["report.often"]).toMatchObject({
      state: "DISABLED",
      flexible_time_window: { mode: "FLEXIBLE", maximum_window_in_minutes: 5 },
    });
  });

  it("are registered for callers, without their inputs", () => {
    const item = JSON.parse(only(jobType, "aws_dynamodb_table_item").item);
    expect(item.schedules.L.map(({ M }: { M: object }) => Object.keys(M))).toEqual([
      ["name", "expression", "timezone", "enabled", "skipWhileRunning"],
      ["name", "expression", "timezone", "enabled", "flexibleMinutes", "skipWhileRunning"],
    ]);
  });

  it("rest with a type that is retired", async () => {
    const deployment = { retired: true, schedules: [{ name: "daily", expression: "rate(1 day)", input: { month: "1" } }] };
    const { jobType: retired } = await synthesized(buildEnvironment(), [buildJobType()], { report: deployment });
    expect(only(retired, "aws_scheduler_schedule").state).toBe("DISABLED");
  });
});

describe("what schedules share", () => {
  it("is a group, and a role that only schedules of the group are given", () => {
    expect(only(platform, "aws_scheduler_schedule_group").name).toBe("jobs-test");
    const trust = policies(platform).find(({ address }) => /^aws_iam_role\.schedules_role.*assume_role_policy$/.test(address));
    expect(trust?.statements).toMatchObject([
      {
        Principal: { Service: "scheduler.amazonaws.com" },
        Condition: {
          StringEquals: {
            "aws:SourceAccount": "111122223333",
            "aws:SourceArn": ref("aws_scheduler_schedule_group.schedule_group.arn"),
          },
        },
      },
    ]);
  });

  it("is a role that invokes one Lambda, keeps what fails, and reads schedules", () => {
    const role = policies(platform).find(({ address }) => address.startsWith("aws_iam_role_policy.schedules_role"));
    expect(role?.statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [["lambda:InvokeFunction"], ["arn:aws:lambda:us-east-1:111122223333:function:jobs-test-schedule"]],
      [["sqs:SendMessage"], [ref("aws_sqs_queue.schedule_dead_letter_queue.arn")]],
      [["kms:Decrypt"], [ref("aws_kms_key.encryption_key.arn")]],
      [["kms:Decrypt"], [ref("aws_kms_key.encryption_key.arn")]],
      [["kms:GenerateDataKey"], [ref("aws_kms_key.encryption_key.arn")]],
    ]);
  });

  it("is a queue of what the scheduler, or the Lambda, could not do, which the Lambda polls", () => {
    const queue = platform.resource.aws_sqs_queue?.schedule_dead_letter_queue;
    expect(queue).toMatchObject({ name: "jobs-test-schedules-failed", message_retention_seconds: 14 * 86_400 });
    const lambda = Object.values(platform.resource.aws_lambda_function ?? {}).find(
      ({ function_name }) => function_name === "jobs-test-schedule",
    );
    expect(lambda?.dead_letter_config).toEqual({ target_arn: ref("aws_sqs_queue.schedule_dead_letter_queue.arn") });
    expect(only(platform, "aws_lambda_event_source_mapping")).toMatchObject({
      event_source_arn: ref("aws_sqs_queue.schedule_dead_letter_queue.arn"),
      function_response_types: ["ReportBatchItemFailures"],
    });
  });
});

describe("a schedule that is wrong", () => {
  const withSchedule = (schedule: object) =>
    synthesized(buildEnvironment(), [buildJobType({ input: z.strictObject({ month: z.string() }) })], {
      report: { schedules: [{ name: "monthly", expression: "rate(1 day)", input: { month: "last" }, ...schedule }] },
    });

  it.each([
    [{ input: { month: 7 } }, /schedules\.0\.input\.month is 7; allowed: what the schema of job type report takes/],
    [
      { input: { month: "1", year: 2 } },
      /schedules\.0\.input is .*; allowed: what the schema of job type report takes: Unrecognized key/,
    ],
    [{ input: undefined }, /schedules\.0\.input is missing; allowed: the input of each job/],
    [{ input: { month: new Date() } }, /schedules\.0\.input is .*; allowed: what JSON can say/],
    [{ input: { month: "x".repeat(5_000) } }, /schedules\.0\.input is "5012 bytes of JSON"; allowed: at most 4096/],
    [{ input: { month: "<aws.scheduler.execution-id>" } }, /allowed: a text without <aws\.scheduler\./],
    [{ expression: "cron(0 0 31 2 ? *)" }, /schedules\.0\.expression is "cron\(0 0 31 2 \? \*\)"; allowed: .*time that comes/],
    [{ expression: "cron(0 0 * * *)" }, /schedules\.0\.expression is .*; allowed: six fields/],
    [{ expression: "at(2020-01-01T00:00:00)" }, /allowed: .*time that comes/],
    [{ expression: "daily" }, /schedules\.0\.expression is "daily"; allowed: cron/],
    [{ timezone: "Europe/Bärlin" }, /schedules\.0\.timezone is "Europe\/Bärlin"; allowed: the name of a time zone/],
    [{ timezone: "+01:00" }, /schedules\.0\.timezone is "\+01:00"; allowed: the name of a time zone/],
    [{ name: "Monthly" }, /schedules\.0\.name is "Monthly"; allowed: 1 to 31/],
    [{ name: "m".repeat(32) }, /schedules\.0\.name is .*; allowed: 1 to 31/],
    [{ flexibleMinutes: 0 }, /schedules\.0\.flexibleMinutes is 0; allowed: a whole number from 1 to 1440/],
    [{ every: "day" }, /schedules\.0\.every is "day"; allowed: only the settings/],
  ])("is refused when the stacks are synthesized: %o", async (schedule, message) => {
    await expect(withSchedule(schedule)).rejects.toThrow(message);
  });

  it("is refused where two have one name, or where jobs need a file", async () => {
    const schedule = { name: "monthly", expression: "rate(1 day)", input: { month: "last" } };
    const twice = synthesized(buildEnvironment(), [buildJobType()], { report: { schedules: [schedule, schedule] } });
    await expect(twice).rejects.toThrow(/schedules is "monthly"; allowed: another name for each/);
    const files = { data: { description: "A table", maxBytes: 1_000 } };
    const needing = synthesized(buildEnvironment(), [buildJobType({ files })], { report: { schedules: [schedule] } });
    await expect(needing).rejects.toThrow(/schedules is .*; allowed: none, as jobs of type report need the file data/);
  });
});
