import { beforeAll, describe, expect, it } from "vitest";
import { type Policy, policies, ref, resources, type Statement, synthesized, type Terraform } from "./synthesized.ts";

/** Resources with a wildcard that cannot be narrower, by statement, with the reason. */
const WIDE_RESOURCES: Readonly<Record<string, string>> = {
  Trace: "X-Ray's actions support no resources",
  LogInToTheRegistry: "ecr:GetAuthorizationToken supports no resources",
  WriteLogs: "streams are named by the service that writes; the log group is exact",
  FindStreams: "a log group's ARN for its streams ends in :*; the log group is exact",
  StoreInputs: "objects have generated keys; the folder is exact",
  FindUploads: "objects have generated keys; the folder is exact",
  SignUploads: "objects have generated keys; the folder is exact",
  SignLinks: "objects have generated keys; the folders are exact",
  ReadInputs: "objects have generated keys; the folder of the type is exact",
  ScheduleJobs: "a job's schedule is named as the job; the group, and that it is a job's, is exact",
  ForgetSchedules: "a job's schedule is named as the job; the group, and that it is a job's, is exact",
  StoreResults: "objects have generated keys; the folder of the type is exact",
  KeepCheckpoints: "objects have generated keys; the folder of the type is exact",
  FindServices: "a job type's service comes later than the platform; the cluster is exact",
  ReadServices: "a job type's service comes later than the platform; the cluster is exact",
  ReadTasks: "tasks have generated IDs; the cluster is exact",
  ListTasks: "ecs:ListTasks supports container instances only, of which Fargate has none; the cluster is exact",
  ReadMetrics:
    "cloudwatch:GetMetricData supports datasets of OTLP metrics only; those of queues, services and workers are in none",
  WakeServices: "a job type's service comes later than the platform; the cluster is exact",
  SuspendScaling: "AWS names what scales a service; the environment's tag, and that it scales services, is exact",
  FindScaling: "application-autoscaling:DescribeScalableTargets supports no resources",
  SilenceAlarms: "a job type's alarms come later than the platform; no other alarm's name ends like these",
  SeeBacklogs: "a job type's queue comes later than the platform; no other queue's name ends like one of jobs",
  ProtectBusyTasks: "tasks have generated IDs; the cluster and the type's tag are exact",
  AccountThroughItsPolicies: "in a key's policy * is the key itself",
  CloudWatchLogs: "in a key's policy * is the key itself",
  AlarmsToTheAlertsTopic: "in a key's policy * is the key itself",
  DenyWithoutTls: "a denial covers all objects",
  PollDeadLetters: "a job type's queue comes later than the platform; no other queue's name ends like a dead-letter queue's",
};

let platform: Terraform;
let jobType: Terraform;
/** Every document but those of VPC endpoints. */
let all: Policy[];
let allowed: (Statement & { address: string })[];

beforeAll(async () => {
  ({ platform, jobType } = await synthesized());
  // An endpoint's policy is a bound of what passes it and grants nobody anything: its wildcards are looked at on their own.
  all = [...policies(platform), ...policies(jobType)].filter(({ address }) => !address.startsWith("aws_vpc_endpoint."));
  allowed = all
    .flatMap(({ address, statements }) => statements.map((statement) => ({ ...statement, address })))
    .filter(({ Effect }) => Effect === "Allow");
});

const actionsOf = (terraform: Terraform, role: string): string[] =>
  policies(terraform)
    .filter(({ address }) => address.startsWith(`aws_iam_role_policy.${role}`))
    .flatMap(({ statements }) => statements.flatMap(({ Action }) => Action));

describe("every IAM document", () => {
  it("is of version 2012-10-17", () => {
    expect(all.length).toBeGreaterThan(15);
    expect(all.filter(({ version }) => version !== "2012-10-17")).toEqual([]);
  });

  it("allows no action by a wildcard", () => {
    expect(allowed.filter(({ Action }) => Action.some((action) => action.includes("*")))).toEqual([]);
  });

  it("names exact resources, apart from those that a waiver explains", () => {
    const wide = allowed.filter(({ Resource = [] }) => Resource.some((resource) => resource.includes("*")));
    expect(wide.filter(({ Sid }) => WIDE_RESOURCES[Sid] === undefined)).toEqual([]);
  });

  it("has a use for every waiver", () => {
    const used = new Set(all.flatMap(({ statements }) => statements).map(({ Sid }) => Sid));
    expect(Object.keys(WIDE_RESOURCES).filter((sid) => !used.has(sid))).toEqual([]);
  });

  it("allows nothing to everybody", () => {
    expect(allowed.filter(({ Principal }) => Principal === "*" || JSON.stringify(Principal)?.includes('"*"'))).toEqual([]);
  });

  it("gives a role that is made anew its policy anew: it is not known before", () => {
    for (const terraform of [platform, jobType]) {
      for (const [id, { role }] of Object.entries(terraform.resource.aws_iam_role_policy ?? {})) {
        expect(role).toBe(ref(`aws_iam_role.${id.replace(/_policy$/, "_role")}.id`));
      }
    }
  });

  it("lets add-job pass the one role of schedules, to the scheduler, and nobody else any", () => {
    const passes = allowed.filter(({ Action }) => Action.includes("iam:PassRole"));
    expect(passes).toEqual([
      {
        address: expect.stringMatching(/^aws_iam_role_policy\.add-job_role_policy/),
        Sid: "PassTheSchedulersRole",
        Effect: "Allow",
        Action: ["iam:PassRole"],
        Resource: [expect.stringMatching(/^\$\{aws_iam_role\.schedules_role_\w+\.arn\}$/)],
        Condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
      },
    ]);
  });

  it("lets a service assume a role only for this account, where the service tells", () => {
    const trusts = allowed.filter(({ address }) => address.endsWith("assume_role_policy"));
    const open = trusts.filter(({ Condition }) => Condition?.StringEquals?.["aws:SourceAccount"] !== "111122223333");
    expect(trusts.length).toBe(13);
    expect(new Set(open.map(({ Principal }) => JSON.stringify(Principal)))).toEqual(
      new Set(['{"Service":"lambda.amazonaws.com"}']),
    );
  });
});

describe("the policies of VPC endpoints", () => {
  const account = { "aws:PrincipalAccount": "111122223333", "aws:ResourceAccount": "111122223333" };

  const prefixes = { dynamodb: "dynamodb", "ecr-api": "ecr", "ecr-dkr": "ecr", logs: "logs", s3: "s3", sns: "sns", sqs: "sqs" };

  it("are bounds, no grants: every principal of this account may pass, but to resources of this account only", () => {
    const bounds = policies(platform).filter(({ address }) => address.startsWith("aws_vpc_endpoint."));
    expect(bounds.map(({ address, version }) => [address, version])).toEqual(
      Object.keys(prefixes).map((endpoint) => [`aws_vpc_endpoint.network_${endpoint}-endpoint.policy`, "2012-10-17"]),
    );
    const wide = bounds.map(({ statements }) => statements.filter(({ Sid }) => Sid === "OwnPrincipalsOnOwnResources"));
    expect(wide.map((statements) => statements.map(({ Sid, ...statement }) => statement))).toEqual(
      Object.values(prefixes).map((prefix) => [
        {
          Effect: "Allow",
          Principal: "*",
          Action: [`${prefix}:*`],
          Resource: ["*"],
          Condition: { StringEquals: account },
        },
      ]),
    );
  });

  it("let this account's principals log in to its registry, which IAM knows as no resource", () => {
    const logIn = policies(platform).flatMap(({ address, statements }) =>
      statements.filter(({ Sid }) => Sid === "OwnPrincipalsLogIn").map((statement) => ({ address, ...statement })),
    );
    expect(logIn).toMatchObject(
      ["ecr-api", "ecr-dkr"].map((endpoint) => ({
        address: `aws_vpc_endpoint.network_${endpoint}-endpoint.policy`,
        Action: ["ecr:GetAuthorizationToken"],
        Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } },
      })),
    );
  });

  it("let images' layers be read from the region's bucket of ECR, which is not this account's, and nothing else", () => {
    const layers = policies(platform).flatMap(({ address, statements }) =>
      statements.filter(({ Sid }) => Sid === "ImageLayers").map(({ Action, Resource }) => ({ address, Action, Resource })),
    );
    expect(layers).toEqual([
      {
        address: "aws_vpc_endpoint.network_s3-endpoint.policy",
        Action: ["s3:GetObject"],
        Resource: ["arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"],
      },
    ]);
  });
});

describe("the principals", () => {
  it("keep cancel-job and query-job away from queues and from creating jobs", () => {
    for (const lambda of ["cancel-job", "query-job"]) {
      const actions = actionsOf(platform, lambda);
      expect(actions).toContain("dynamodb:GetItem");
      expect(actions.filter((action) => action.startsWith("sqs:") || action === "dynamodb:PutItem")).toEqual([]);
    }
  });

  it("never scan or delete a table", () => {
    const actions = allowed.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => ["dynamodb:Scan", "dynamodb:DeleteTable", "dynamodb:DeleteItem"].includes(action))).toEqual(
      [],
    );
  });

  it("let Lambdas send to a queue only through the queue's own policy", () => {
    const roles = allowed.filter(({ address }) => address.startsWith("aws_iam_role_policy."));
    const sqs = roles.filter(({ Action }) => Action.some((action) => action.startsWith("sqs:")));
    expect(sqs.map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
      ["SeeBacklogs", ["arn:aws:sqs:us-east-1:111122223333:jobs-test-*-jobs"]],
      ["PollDeadLetters", ["arn:aws:sqs:us-east-1:111122223333:jobs-test-*-dead-letters"]],
      ["KeepFailedEvents", [ref("aws_sqs_queue.batch_events_failed.arn")]],
      // What schedules could not do is kept by the scheduler, and by Lambda in the function's name.
      ["KeepWhatFailed", [ref("aws_sqs_queue.schedule_dead_letter_queue.arn")]],
      ["KeepWhatFailed", [ref("aws_sqs_queue.schedule_dead_letter_queue.arn")]],
      ["TakeMessages", [ref("aws_sqs_queue.queue.arn")]],
    ]);
    const senders = allowed
      .filter(({ Sid }) => ["AddJobSends", "OnCompleteSends", "ScheduleSends"].includes(Sid))
      .map(({ Principal }) => Principal);
    expect(senders).toEqual(
      ["add_job", "on_complete", "schedule"].map((name) => ({
        AWS: ref(`data.terraform_remote_state.platform.outputs.${name}_role_arn`),
      })),
    );
  });

  it("have what Lambda asks of the role of a function that a queue invokes", () => {
    expect(actionsOf(platform, "dead-letter")).toEqual(
      expect.arrayContaining(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]),
    );
  });

  it.each([
    ["ReadInputs", ["inputs", "later", "uploads"]],
    ["StoreResults", ["results"]],
    ["KeepCheckpoints", ["checkpoints"]],
  ])("let a worker reach the folders of its own type only: %s", (sid, folders) => {
    const bucket = ref("data.terraform_remote_state.platform.outputs.results_bucket_arn");
    const reached = allowed.filter(({ Sid }) => Sid === sid).flatMap(({ Resource = [] }) => Resource);
    expect(reached).toEqual(folders.map((folder) => `${bucket}/${folder}/report/*`));
  });

  it("let on-complete change batches, and no job", () => {
    const [update] = allowed.filter(({ Sid }) => Sid === "ChangeBatches");
    expect(update).toMatchObject({
      Action: ["dynamodb:UpdateItem"],
      Condition: {
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["*_batch_*"] },
        Null: { "dynamodb:LeadingKeys": "false" },
      },
    });
  });

  it("let create-upload store uploads, and nothing else that a link of its could do", () => {
    const actions = actionsOf(platform, "create-upload").filter((action) => /^(s3|sqs|sns|ecs):/.test(action));
    expect(actions).toEqual(["s3:PutObject"]);
    const stores = allowed.filter(({ Sid }) => Sid === "SignUploads").flatMap(({ Resource = [] }) => Resource);
    expect(stores).toEqual([`${ref("aws_s3_bucket.results_bucket.arn")}/uploads/*`]);
  });

  it("start a task with another role than the task has", () => {
    const [task] = resources(jobType, "aws_ecs_task_definition");
    expect(task?.execution_role_arn).not.toBe(task?.task_role_arn);
    expect(actionsOf(jobType, "task_execution-role").filter((action) => /^(sqs|dynamodb|s3|sns|kms):/.test(action))).toEqual([]);
  });
});
