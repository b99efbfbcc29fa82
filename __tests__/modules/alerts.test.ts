import { readFile } from "node:fs/promises";
import { LAMBDAS } from "@autoscaling-job-queues/domain/routes";
import { beforeAll, describe, expect, it } from "vitest";
import { buildEnvironment, buildJobType, type Resource, ref, resources, synthesized, type Terraform } from "./synthesized.ts";
import { type Sample, stateAfter, watched } from "./synthesized-alarm.ts";

let platform: Terraform;
let jobType: Terraform;
beforeAll(async () => {
  ({ platform, jobType } = await synthesized(buildEnvironment(), [buildJobType({ timeoutSeconds: 60, maxAttempts: 3 })]));
});

/** The alarm of the job type or of the platform whose name ends so. */
function alarm(name: string, stacks: readonly Terraform[] = [jobType, platform]): Resource {
  const all = stacks.flatMap((stack) => resources(stack, "aws_cloudwatch_metric_alarm"));
  const found = all.find(({ alarm_name }) => alarm_name.endsWith(`-${name}`));
  if (found === undefined) throw new Error(`no alarm ${name} among ${all.map(({ alarm_name }) => alarm_name)}`);
  return found;
}

const times = (count: number, sample: Sample): Sample[] => Array.from({ length: count }, () => sample);
const NOTHING: Sample = {};

describe("the alarms that page people", () => {
  const names = ["no-worker", "failed-jobs", "oldest-message", "waits-for-days", "dead-letters", "dead-letters-left"];
  const lambdaNames = [
    "add-job",
    "create-upload",
    "query-job",
    "cancel-job",
    "control",
    "why",
    "dead-letter",
    "on-complete",
    "schedule",
  ];
  const platformNames = [
    ...["api", ...lambdaNames].map((name) => `${name}-errors`),
    "batch-events-failed",
    "due-left",
    "due-lost",
  ];

  it("publish to the alerts topic when they fire and when they are over", () => {
    const topics = [
      ...names.map((name) => [name, ref("data.terraform_remote_state.platform.outputs.alerts_topic_arn")]),
      ...platformNames.map((name) => [name, ref("aws_sns_topic.alerts_topic.arn")]),
    ];
    for (const [name = "", topic] of topics) {
      expect(alarm(name)).toMatchObject({ alarm_actions: [topic], ok_actions: [topic] });
    }
  });

  it("are all there are besides those that scale", () => {
    const all = [jobType, platform].flatMap((stack) => resources(stack, "aws_cloudwatch_metric_alarm"));
    const suffixes = all.map(({ alarm_name }) => alarm_name.replace(/^jobs-test-(report-)?/, ""));
    expect(suffixes.sort()).toEqual([...names, ...platformNames, "scale-out", "empty"].sort());
  });

  it("say in their description what to do, and where the documentation says more", async () => {
    const headings = (await readFile("docs/operations.md", "utf8")).match(/^## .+$/gm) ?? [];
    for (const name of [...names, ...platformNames]) {
      const description: string = alarm(name).alarm_description;
      expect(description.length).toBeLessThanOrEqual(1_024);
      const [, heading] = /See docs\/operations\.md, (.+)$/.exec(description) ?? [];
      expect(headings, name).toContain(`## ${heading}`);
    }
  });

  it("are each explained to operators", async () => {
    const table = await readFile("docs/operations.md", "utf8");
    for (const name of names) expect(table).toContain(`| \`jobs-prod-document-${name}\` |`);
    for (const name of platformNames) expect(table).toContain(`\`jobs-prod-${name}\``);
  });

  it("watch metrics that somebody reports: of AWS, or of the environment's own namespace", () => {
    const own = "AutoscalingJobQueues/jobs-test";
    const namespaces = [...names, ...platformNames].flatMap((name) => watched(alarm(name)).map(({ namespace }) => namespace));
    expect(new Set(namespaces)).toEqual(new Set(["AWS/SQS", "AWS/Scheduler", "AWS/ApiGateway", "AWS/Lambda", own]));
    const writers = [...resources(platform, "aws_lambda_function").map(({ environment }) => environment.variables)];
    expect(writers.map((variables) => variables.POWERTOOLS_METRICS_NAMESPACE)).toEqual(LAMBDAS.map(() => own));
    const [container] = JSON.parse(resources(jobType, "aws_ecs_task_definition")[0]?.container_definitions);
    expect(container.environment).toContainEqual({ name: "POWERTOOLS_METRICS_NAMESPACE", value: own });
  });
});

describe("the alarm on a type that no worker takes jobs of", () => {
  const WAITS: Sample = { visible: 1 };

  it("fires when messages have waited for 15 minutes, nothing being received, in flight or running", () => {
    expect(stateAfter(alarm("no-worker"), times(14, WAITS))).not.toBe("ALARM");
    expect(stateAfter(alarm("no-worker"), times(15, WAITS))).toBe("ALARM");
    expect(stateAfter(alarm("no-worker"), times(15, { visible: 1, received: 0, inFlight: 0 }))).toBe("ALARM");
  });

  it.each<[string, readonly Sample[]]>([
    ["a queue at rest", times(60, { visible: 0 })],
    ["messages that are all delayed or in flight", times(60, { visible: 0, inFlight: 8 })],
    ["workers that are all busy for hours, with messages waiting", times(60, { visible: 500, inFlight: 20 })],
    ["a job of more than 12 h, whose message is visible again while all workers are busy", times(60, { visible: 1, running: 1 })],
    ["jobs so short that none is in flight when SQS looks", times(60, { visible: 5, received: 900 })],
    ["tasks that take 10 minutes to start", [...times(10, WAITS), ...times(10, { visible: 0, inFlight: 1, received: 1 })]],
    ["one job in a quarter of an hour", [...times(14, WAITS), { visible: 1, received: 1 }, ...times(14, WAITS)]],
    ["a queue that SQS has not reported yet", times(15, NOTHING)],
    ["metrics of a queue that come after a rest", [...times(13, NOTHING), ...times(2, WAITS)]],
  ])("is quiet about %s", (_, samples) => {
    expect(stateAfter(alarm("no-worker"), samples)).not.toBe("ALARM");
  });

  it("stays on when SQS reports the queue no more, and is over when somebody takes the messages", () => {
    expect(stateAfter(alarm("no-worker"), times(20, NOTHING), "ALARM")).toBe("ALARM");
    expect(stateAfter(alarm("no-worker"), [...times(14, WAITS), { visible: 0, received: 1 }], "ALARM")).toBe("OK");
  });

  it("watches the type's own queue and its workers' metric, and the end of pauses", () => {
    const queue = ref("aws_sqs_queue.queue.name");
    expect(watched(alarm("no-worker"))).toMatchObject([
      { metric_name: "ApproximateNumberOfMessagesVisible", dimensions: { QueueName: queue }, stat: "Maximum", period: 60 },
      { metric_name: "ApproximateNumberOfMessagesNotVisible", dimensions: { QueueName: queue }, stat: "Maximum", period: 60 },
      { metric_name: "NumberOfMessagesReceived", dimensions: { QueueName: queue }, stat: "Sum", period: 60 },
      { metric_name: "JobsRunning", dimensions: { service: "worker", jobType: "report" }, stat: "Sum", period: 60 },
      { metric_name: "JobTypesResumed", dimensions: { service: "api", jobType: "report" }, stat: "Sum", period: 60 },
    ]);
  });
});

describe("the alarm on failed jobs", () => {
  it.each<[string, Sample, "ALARM" | "OK"]>([
    ["all of five", { failed: 5 }, "ALARM"],
    ["half of them", { failed: 5, succeeded: 5 }, "ALARM"],
    ["less than half", { failed: 5, succeeded: 6 }, "OK"],
    ["all of four, which are too few", { failed: 4 }, "OK"],
    ["none of many", { succeeded: 1_000 }, "OK"],
    ["none of none", NOTHING, "OK"],
  ])("is told of the share within an hour: %s", (_, sample, state) => {
    expect(stateAfter(alarm("failed-jobs"), [sample])).toBe(state);
  });

  it("is over with the hour, also where nothing succeeded since", () => {
    expect(stateAfter(alarm("failed-jobs"), [{ failed: 100 }, { failed: 1 }, NOTHING], "ALARM")).toBe("OK");
    expect(stateAfter(alarm("failed-jobs"), [{ failed: 100 }, { succeeded: 1 }], "ALARM")).toBe("OK");
  });

  it("watches what the type's workers count", () => {
    expect(watched(alarm("failed-jobs"))).toMatchObject(
      ["JobsFailed", "JobsSucceeded"].map((metric_name) => ({
        namespace: "AutoscalingJobQueues/jobs-test",
        metric_name,
        dimensions: { service: "worker", jobType: "report" },
        stat: "Sum",
        period: 3_600,
      })),
    );
  });
});

describe("the alarms on dead letters", () => {
  it("tell of jobs that the Lambda closed, and of nothing that it put back or dropped", () => {
    expect(watched(alarm("dead-letters"))).toEqual([
      {
        namespace: "AutoscalingJobQueues/jobs-test",
        metric_name: "DeadLettersClosed",
        dimensions: { service: "dead-letter", jobType: "report" },
        stat: "Sum",
        period: 60,
      },
    ]);
    expect(stateAfter(alarm("dead-letters"), [{ closed: 1 }])).toBe("ALARM");
    expect(stateAfter(alarm("dead-letters"), times(15, NOTHING), "ALARM")).toBe("OK");
  });

  it("tell of those that it has not closed for 15 minutes, whether they wait or are being tried", () => {
    const left = alarm("dead-letters-left");
    const queue = ref("aws_sqs_queue.dead_letter_queue.name");
    expect(watched(left).map(({ dimensions }) => dimensions)).toEqual([{ QueueName: queue }, { QueueName: queue }]);
    expect(stateAfter(left, times(15, { visible: 0, inFlight: 1 }))).toBe("ALARM");
    expect(stateAfter(left, times(15, { visible: 2 }))).toBe("ALARM");
    expect(stateAfter(left, [...times(14, { visible: 1 }), { visible: 0 }])).toBe("OK");
    expect(stateAfter(left, times(15, NOTHING), "ALARM")).toBe("ALARM");
  });
});

describe("the alarms of the platform", () => {
  it.each<[string, Sample, "ALARM" | "OK"]>([
    ["5 of 100", { failed: 5, requests: 100 }, "ALARM"],
    ["5 of 101", { failed: 5, requests: 101 }, "OK"],
    ["all of 4", { failed: 4, requests: 4 }, "OK"],
    ["none", { requests: 10_000 }, "OK"],
    ["no requests at all", NOTHING, "OK"],
  ])("tell of the API's 5xx by their share: %s", (_, sample, state) => {
    expect(stateAfter(alarm("api-errors"), [sample])).toBe(state);
  });

  it("watch the one API", () => {
    const dimensions = { ApiId: ref("aws_apigatewayv2_api.http-api_api.id") };
    expect(watched(alarm("api-errors"))).toMatchObject([
      { namespace: "AWS/ApiGateway", metric_name: "5xx", dimensions, stat: "Sum" },
      { namespace: "AWS/ApiGateway", metric_name: "Count", dimensions, stat: "Sum" },
    ]);
  });

  it("tell of what is due and has not been dealt with", () => {
    const left = alarm("due-left", [platform]);
    const dimensions = { QueueName: "jobs-test-schedules-failed" };
    expect(watched(left)).toMatchObject([
      { namespace: "AWS/SQS", metric_name: "ApproximateNumberOfMessagesVisible", dimensions },
      { namespace: "AWS/SQS", metric_name: "ApproximateNumberOfMessagesNotVisible", dimensions },
    ]);
    expect(left).toMatchObject({ evaluation_periods: 15, datapoints_to_alarm: 15, treat_missing_data: "ignore" });
    expect(stateAfter(left, times(15, { visible: 1 }))).toBe("ALARM");
    expect(stateAfter(left, times(15, { visible: 0, inFlight: 1 }))).toBe("ALARM");
    expect(stateAfter(left, [...times(14, { visible: 1 }), { visible: 0 }])).toBe("OK");
    expect(watched(alarm("due-lost", [platform]))).toMatchObject([
      {
        namespace: "AWS/Scheduler",
        metric_name: "InvocationsFailedToBeSentToDeadLetterCount",
        dimensions: { ScheduleGroup: "jobs-test" },
      },
    ]);
    expect(stateAfter(alarm("due-lost", [platform]), [{ lost: 1 }])).toBe("ALARM");
  });

  it("tell of a batch that nothing followed for as long as its event waits, which SQS reports for some hours only", () => {
    const failed = alarm("batch-events-failed", [platform]);
    expect(stateAfter(failed, [{ waiting: 1 }])).toBe("ALARM");
    expect(stateAfter(failed, [{ waiting: 0 }])).toBe("OK");
    expect(failed).toMatchObject({ treat_missing_data: "ignore" });
  });

  it.each(["add-job", "create-upload", "query-job", "cancel-job", "control", "why", "dead-letter", "on-complete", "schedule"])(
    "tell of errors and throttles of %s",
    (lambda) => {
      const errors = alarm(`${lambda}-errors`, [platform]);
      expect(watched(errors).map(({ metric_name, dimensions }) => [metric_name, dimensions])).toEqual([
        ["Errors", { FunctionName: `jobs-test-${lambda}` }],
        ["Throttles", { FunctionName: `jobs-test-${lambda}` }],
      ]);
      expect(stateAfter(errors, [{ errors: 2, throttles: 1 }])).toBe("ALARM");
      expect(stateAfter(errors, [{ throttles: 3 }])).toBe("ALARM");
      expect(stateAfter(errors, [{ errors: 2 }])).toBe("OK");
      expect(stateAfter(errors, [NOTHING])).toBe("OK");
    },
  );
});

describe("an environment", () => {
  it("says when its alarms call", async () => {
    const alarms = {
      noWorkerMinutes: 30,
      failedJobs: { percent: 10, minimum: 100, minutes: 15 },
      apiErrors: { percent: 1, minimum: 10, minutes: 10 },
      lambdaErrors: 20,
    };
    const stacks = await synthesized(buildEnvironment({ alarms }), [buildJobType()]);
    const changed = (name: string) => alarm(name, [stacks.jobType, stacks.platform]);
    expect(changed("no-worker")).toMatchObject({ evaluation_periods: 30, datapoints_to_alarm: 30 });
    expect(changed("failed-jobs").threshold).toBe(10);
    expect(watched(changed("failed-jobs"))).toMatchObject([{ period: 900 }, { period: 900 }]);
    expect(stateAfter(changed("failed-jobs"), [{ failed: 99 }])).toBe("OK");
    expect(stateAfter(changed("failed-jobs"), [{ failed: 100, succeeded: 900 }])).toBe("ALARM");
    expect(changed("api-errors").threshold).toBe(1);
    expect(watched(changed("api-errors"))).toMatchObject([{ period: 600 }, { period: 600 }]);
    expect(changed("add-job-errors").threshold).toBe(20);
  });

  it("says part of it, and leaves the rest as it is", async () => {
    const environment = buildEnvironment({ alarms: { failedJobs: { percent: 20 } } });
    expect(environment.alarms).toEqual({ ...buildEnvironment().alarms, failedJobs: { percent: 20, minimum: 5, minutes: 60 } });
  });
});
