import { DENIED_ACCESS, OTHERS, REACHING } from "./denied-access.ts";
import { type DeniedAttempt, LAMBDAS, type Row, rows } from "./denied-attempt.ts";
import { DENIED_CONTROL } from "./denied-control.ts";
import { DENIED_SCHEDULING } from "./denied-scheduling.ts";
import { DENIED_TO_SERVICES } from "./denied-services.ts";
import type { Arns } from "./deployed-arns.ts";

const EVERYBODY = [...OTHERS, ...REACHING];

const input = ({ bucket }: Arns, jobType: string) => `${bucket}/inputs/${jobType}/01J/1.json`;
const upload = ({ bucket }: Arns, jobType: string) => `${bucket}/uploads/${jobType}/owner/01J/data`;
const result = ({ bucket }: Arns, jobType: string) => `${bucket}/results/${jobType}/01J/1/result.json`;
const checkpoint = ({ bucket }: Arns, jobType: string) => `${bucket}/checkpoints/${jobType}/01J/1.json`;
const listing = ({ jobs }: Arns) => `${jobs}/index/by-type-and-status`;
const throughSqs = () => ({ "kms:ViaService": "sqs.us-east-1.amazonaws.com" });
const variablesOfAddJob = ({ lambda }: Arns) => ({ "kms:EncryptionContext:aws:lambda:FunctionArn": lambda("add-job") });
const inOwnCluster = ({ cluster }: Arns) => ({ "ecs:cluster": cluster });
const inOtherCluster = ({ elsewhere }: Arns) => ({ "ecs:cluster": elsewhere("ecs", "cluster/other") });
const ofType = (jobType: string) => ({ "aws:ResourceTag/job-type": jobType });
const taskOf = (jobType: string) => (arns: Arns) => ({ ...inOwnCluster(arns), ...ofType(jobType) });
/** An update of a service that says this, besides its desired count. */
export const updating = (said: Readonly<Record<string, string>>) => (arns: Arns) => ({ ...inOwnCluster(arns), ...said });
const EXEC = { "ecs:enable-execute-command": "true" };
const keys =
  (...values: readonly string[]) =>
  () => ({ "dynamodb:LeadingKeys": values });
/** A PUT that replaces nothing. */
const onceOnly = () => ({ "s3:if-none-match": "*" });
const throughSns = () => ({ "kms:ViaService": "sns.us-east-1.amazonaws.com" });

/** Nobody who runs may change what is deployed, read it wholesale, or use the key past the services. */
const DENIED_TO_EVERYBODY = rows(EVERYBODY, [
  ["dynamodb:Scan", ({ jobs }) => jobs, "a scan reads every job"],
  ["dynamodb:PartiQLSelect", ({ jobs }) => jobs, "a select without a key is a scan"],
  ["dynamodb:DeleteItem", ({ jobs }) => jobs, "jobs expire, nobody deletes them"],
  ["dynamodb:BatchWriteItem", ({ jobs }) => jobs, "a batch has no conditions"],
  ["dynamodb:DeleteTable", ({ jobs }) => jobs, "the table is Terraform's"],
  ["dynamodb:UpdateTable", ({ jobs }) => jobs, "the table is Terraform's"],
  ["dynamodb:ExportTableToPointInTime", ({ jobs }) => jobs, "an export holds every job"],
  ["dynamodb:PutItem", ({ jobTypes }) => jobTypes, "a job type's stack registers it"],
  ["dynamodb:DeleteItem", ({ jobTypes }) => jobTypes, "a job type's stack removes it"],
  ["sqs:PurgeQueue", ({ queue }) => queue("canary"), "a purge loses jobs"],
  ["sqs:DeleteQueue", ({ queue }) => queue("canary"), "the queue is Terraform's"],
  ["sqs:SetQueueAttributes", ({ queue }) => queue("canary"), "its policy is an attribute"],
  ["sqs:StartMessageMoveTask", ({ deadLetters }) => deadLetters("canary"), "people redrive"],
  ["sns:Subscribe", ({ events }) => events, "a subscriber sees every job"],
  ["sns:SetTopicAttributes", ({ events }) => events, "its policy is an attribute"],
  ["sns:Publish", ({ alerts }) => alerts, "alarms publish there, and nobody else"],
  ["s3:ListBucket", ({ bucket }) => bucket, "keys are known from the job"],
  ["s3:DeleteObject", (arns) => result(arns, "canary"), "objects expire"],
  ["s3:GetObjectVersion", (arns) => result(arns, "canary"), "a version is somebody else's result"],
  ["s3:PutBucketPolicy", ({ bucket }) => bucket, "the bucket is Terraform's"],
  ["kms:Decrypt", ({ key }) => key, "no service asks for it"],
  ["kms:GenerateDataKey", ({ key }) => key, "no service asks for it"],
  ["kms:CreateGrant", ({ key }) => key, "a grant passes the key on"],
  ["kms:PutKeyPolicy", ({ key }) => key, "the key is Terraform's"],
  ["kms:ScheduleKeyDeletion", ({ key }) => key, "without the key everything is lost"],
  ["iam:PassRole", ({ role }) => role("canary", "task_task-role"), "it would lend its rights to a task"],
  ["sts:AssumeRole", ({ role }) => role("canary", "task_task-role"), "only ECS takes the role"],
  ["ecs:StopTask", ({ task }) => task, "ECS stops tasks"],
  ["ecs:DeleteService", ({ service }) => service("canary"), "the service is Terraform's"],
  ["ecs:ExecuteCommand", ({ task }) => task, "a shell in a task has its rights"],
  ["ecr:PutImage", ({ repository }) => repository("canary"), "the pipeline pushes images"],
  ["lambda:InvokeFunction", ({ lambda }) => lambda("dead-letter"), "only its mapping invokes it"],
  ["lambda:UpdateFunctionCode", ({ lambda }) => lambda("add-job"), "the function is Terraform's"],
  ["logs:DeleteLogGroup", ({ lambdaLogs }) => lambdaLogs("add-job"), "logs are kept as long as the environment says"],
]);

/** @param other a type whose work is not its own. */
const deniedToWorker = (own: string, other: string) =>
  rows(
    [`worker-${own}`],
    [
      ["sqs:ReceiveMessage", ({ queue }) => queue(other), "it is another type's queue"],
      ["sqs:DeleteMessage", ({ queue }) => queue(other), "it is another type's queue"],
      ["sqs:ChangeMessageVisibility", ({ queue }) => queue(other), "it is another type's queue"],
      ["sqs:ReceiveMessage", ({ deadLetters }) => deadLetters(own), "dead letters are the Lambda's"],
      ["sqs:SendMessage", ({ queue }) => queue(own), "a worker adds no jobs"],
      ["kms:GenerateDataKey", ({ key }) => key, "a worker sends no messages", throughSqs],
      ["dynamodb:PutItem", ({ jobs }) => jobs, "a worker creates no jobs", keys(`${own}_01J`)],
      ...["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"].flatMap((action): Row[] => [
        [action, ({ jobs }) => jobs, "it is another type's job", keys(`${other}_01J`)],
        [action, ({ jobs }) => jobs, "it is a job of a type whose name begins like its own", keys(`${own}-2_01J`)],
        [action, ({ jobs }) => jobs, "it is no job's key", keys(own)],
        [action, ({ jobs }) => jobs, "a call that names no key is anybody's"],
      ]),
      ["dynamodb:UpdateItem", ({ jobs }) => jobs, "it is another type's batch", keys(`${other}_batch_01J`)],
      [
        "dynamodb:UpdateItem",
        ({ jobs }) => jobs,
        "what follows a batch is no worker's to say",
        keys(`on-complete#${own}_batch_01J`),
      ],
      ["dynamodb:BatchGetItem", ({ jobs }) => jobs, "one of them is another type's", keys(`${own}_01J`, `${other}_01J`)],
      ["dynamodb:UpdateItem", ({ jobs }) => jobs, "one of them is another type's", keys(`${other}_01J`, `${own}_01J`)],
      ["dynamodb:Query", listing, "a worker lists no jobs"],
      ["dynamodb:GetItem", ({ jobTypes }) => jobTypes, "its settings are in its image", keys("job-types")],
      ["dynamodb:GetItem", ({ jobTypes }) => jobTypes, "a call that names no key is anybody's"],
      ["dynamodb:GetItem", ({ jobTypes }) => jobTypes, "it is another type's control", keys(`${other}_controls`)],
      ["dynamodb:PutItem", ({ jobTypes }) => jobTypes, "no worker ends a pause", keys(`${own}_controls`)],
      ["dynamodb:UpdateItem", ({ jobTypes }) => jobTypes, "no worker ends a pause", keys(`${own}_controls`)],
      ["dynamodb:UpdateItem", ({ jobTypes }) => jobTypes, "no worker starts others", keys(`${own}_wake`)],
      ["dynamodb:GetItem", ({ jobTypes }) => jobTypes, "no worker starts others", keys(`${own}_wake`)],
      ["s3:GetObject", (arns) => input(arns, other), "it is another type's input"],
      ["s3:PutObject", (arns) => result(arns, other), "it is another type's result"],
      ["s3:PutObject", (arns) => input(arns, own), "an input does not change"],
      ["s3:GetObject", (arns) => upload(arns, other), "it is another type's file"],
      ["s3:PutObject", (arns) => upload(arns, own), "a file does not change"],
      ["s3:GetObject", (arns) => checkpoint(arns, other), "it is another type's checkpoint"],
      ["s3:PutObject", (arns) => checkpoint(arns, other), "it is another type's checkpoint"],
      ["s3:GetObject", (arns) => result(arns, own), "results are for callers"],
      ["ecs:UpdateService", ({ service }) => service(own), "scaling is not the worker's"],
      [
        "ecs:UpdateTaskProtection",
        ({ elsewhere }) => elsewhere("ecs", "task/other/0123456789abcdef"),
        "it is another cluster's task",
        ({ elsewhere }) => ({ "ecs:cluster": elsewhere("ecs", "cluster/other"), ...ofType(own) }),
      ],
      ["ecs:UpdateTaskProtection", ({ task }) => task, "it is another type's task", taskOf(other)],
      ["ecs:UpdateTaskProtection", ({ task }) => task, "it is a task of no type", inOwnCluster],
    ],
  );

const DENIED_TO_LAMBDAS = [
  ...rows(LAMBDAS, [
    ["sqs:ReceiveMessage", ({ queue }) => queue("canary"), "workers alone take jobs"],
    ["sqs:SendMessage", ({ deadLetters }) => deadLetters("canary"), "SQS moves dead letters"],
    ["dynamodb:Query", ({ jobs }) => jobs, "jobs are listed by the index"],
    ["s3:PutObject", (arns) => result(arns, "canary"), "workers alone store results"],
    ["s3:GetObject", (arns) => checkpoint(arns, "canary"), "checkpoints are for workers"],
    ["s3:PutObject", (arns) => checkpoint(arns, "canary"), "workers alone store checkpoints"],
  ]),
  ...rows(
    ["create-upload"],
    [
      ["s3:PutObject", (arns) => upload(arns, "canary"), "it would replace what is there", () => ({})],
      ["s3:PutObject", (arns) => input(arns, "canary"), "its links store uploads, and nothing else"],
      ["s3:GetObject", (arns) => upload(arns, "canary"), "its links read nothing"],
      ["dynamodb:GetItem", ({ jobs }) => jobs, "an upload is no job's yet"],
      ["dynamodb:PutItem", ({ jobs }) => jobs, "it creates no jobs"],
      ["sqs:SendMessage", ({ queue }) => queue("canary"), "it adds no jobs"],
      ["sns:Publish", ({ events }) => events, "it changes no jobs"],
    ],
  ),
  ...rows(
    ["add-job", "query-job", "cancel-job", "dead-letter", "on-complete", "schedule"],
    [["s3:PutObject", (arns) => upload(arns, "canary"), "callers upload by links, and those are another's", onceOnly]],
  ),
  ...rows(
    ["add-job"],
    [
      ["dynamodb:UpdateItem", ({ jobs }) => jobs, "it creates jobs and changes none"],
      ["s3:GetObject", (arns) => result(arns, "canary"), "it reads no results"],
      ["dynamodb:Query", listing, "it lists no jobs"],
      [
        "ecs:UpdateService",
        ({ elsewhere }) => elsewhere("ecs", "service/other/canary"),
        "it is another cluster's service",
        ({ elsewhere }) => ({ "ecs:cluster": elsewhere("ecs", "cluster/other") }),
      ],
      ["ecs:UpdateService", ({ service }) => service("canary"), "a shell in a task has its rights", updating(EXEC)],
      [
        "ecs:UpdateService",
        ({ service }) => service("canary"),
        "the task definition is Terraform's",
        (arns) => updating({ "ecs:task-definition": arns.elsewhere("ecs", "task-definition/jobs-canary:1") })(arns),
      ],
      [
        "ecs:UpdateService",
        ({ service }) => service("canary"),
        "a task without its tag is nobody's to protect",
        updating({ "ecs:propagate-tags": "NONE" }),
      ],
      ["sqs:SendMessage", ({ elsewhere }) => elsewhere("sqs", "somebody-elses-queue"), "no policy of that queue names it"],
    ],
  ),
  ...rows(
    ["query-job", "cancel-job"],
    [
      ["dynamodb:PutItem", ({ jobs }) => jobs, "it creates no jobs"],
      ["sqs:SendMessage", ({ queue }) => queue("canary"), "it adds no jobs"],
      ["ecs:UpdateService", ({ service }) => service("canary"), "it starts no tasks"],
      ["s3:PutObject", (arns) => input(arns, "canary"), "it stores nothing"],
    ],
  ),
  ...rows(
    ["query-job"],
    [
      ["dynamodb:UpdateItem", ({ jobs }) => jobs, "it only reads"],
      ["sns:Publish", ({ events }) => events, "it only reads"],
      ["kms:GenerateDataKey", ({ key }) => key, "it only reads", throughSns],
      ["kms:Decrypt", ({ key }) => key, "the variables are another function's", variablesOfAddJob],
    ],
  ),
  ...rows(
    ["why"],
    [
      ["dynamodb:UpdateItem", ({ jobs }) => jobs, "it only reads"],
      ["dynamodb:PutItem", ({ jobs }) => jobs, "it only reads"],
      ["sqs:SendMessage", ({ queue }) => queue("canary"), "it only reads"],
      ["sqs:GetQueueAttributes", ({ elsewhere }) => elsewhere("sqs", "somebody-elses-queue"), "no policy of that queue names it"],
      ["sns:Publish", ({ events }) => events, "it only reads"],
      ["s3:GetObject", (arns) => result(arns, "canary"), "it reads no results"],
      ["s3:GetObject", (arns) => input(arns, "canary"), "it reads no inputs"],
      ["ecs:UpdateService", ({ service }) => service("canary"), "it starts no tasks", inOwnCluster],
      ["ecs:ListTasks", ({ noInstance }) => noInstance, "it is another cluster's task", inOtherCluster],
      ["ecs:DescribeTasks", ({ elsewhere }) => elsewhere("ecs", "task/other/01"), "it is another cluster's task", inOtherCluster],
      ["kms:GenerateDataKey", ({ key }) => key, "it only reads", throughSqs],
    ],
  ),
  ...rows(
    ["create-upload", "query-job", "cancel-job", "dead-letter"],
    [
      ["sqs:GetQueueAttributes", ({ queue }) => queue("canary"), "it neither adds nor explains jobs"],
      ["dynamodb:UpdateItem", ({ jobTypes }) => jobTypes, "it starts no tasks", keys("canary_wake")],
    ],
  ),
  ...rows(
    ["add-job", "on-complete", "schedule", "control"],
    [
      ["dynamodb:UpdateItem", ({ jobTypes }) => jobTypes, "a type's entry is its own stack's", keys("job-types")],
      ["dynamodb:UpdateItem", ({ jobTypes }) => jobTypes, "a pause is written as a whole", keys("canary_controls")],
      ["dynamodb:UpdateItem", ({ jobTypes }) => jobTypes, "a call that names no key is anybody's"],
    ],
  ),
  ...rows(
    LAMBDAS.filter((name) => name !== "why"),
    [
      ["ecs:ListTasks", ({ noInstance }) => noInstance, "the Lambda why alone looks at tasks", inOwnCluster],
      ["ecs:DescribeTasks", ({ task }) => task, "the Lambda why alone looks at tasks", inOwnCluster],
      ["cloudwatch:GetMetricData", ({ metrics }) => metrics, "the Lambda why alone reads metrics"],
    ],
  ),
  ...rows(
    ["cancel-job", "dead-letter"],
    [
      ["s3:GetObject", (arns) => result(arns, "canary"), "it reads no results"],
      ["s3:GetObject", (arns) => upload(arns, "canary"), "it reads no files"],
      ["dynamodb:Query", listing, "it lists no jobs"],
    ],
  ),
  ...rows(
    ["on-complete"],
    [
      ["dynamodb:UpdateItem", ({ jobs }) => jobs, "it changes no jobs", keys("canary_01J")],
      ["dynamodb:UpdateItem", ({ jobs }) => jobs, "what follows a batch is add-job's to say", keys("on-complete#canary_01J")],
      ["dynamodb:BatchGetItem", ({ jobs }) => jobs, "it reads one batch", keys("canary_batch_01J")],
      ["dynamodb:Query", listing, "it lists no jobs"],
      ["s3:GetObject", (arns) => result(arns, "canary"), "it reads no results"],
      ["s3:GetObject", (arns) => upload(arns, "canary"), "it reads no files"],
      ["sqs:ReceiveMessage", ({ batchEventsFailed }) => batchEventsFailed, "people look at what failed"],
    ],
  ),
  ...rows(["dead-letter"], [["dynamodb:PutItem", ({ jobs }) => jobs, "it creates no jobs"]]),
];

const DENIED_TO_EXECUTION = rows(
  ["execution-canary"],
  [
    ["ecr:BatchGetImage", ({ repository }) => repository("document"), "it is another type's image"],
    ["logs:PutLogEvents", ({ workerLogs }) => `${workerLogs("document")}:log-stream:worker`, "it is another type's log"],
    ["sqs:ReceiveMessage", ({ queue }) => queue("canary"), "it starts tasks and does not work"],
    ["dynamodb:GetItem", ({ jobs }) => jobs, "it starts tasks and does not work"],
    ["kms:Decrypt", ({ key }) => key, "it starts tasks and does not work", throughSqs],
  ],
);

/** A role of the account without policies, and one of another account that allows itself everything. */
export const STRANGERS = ["stranger", "foreigner"] as const;

const DENIED_TO_STRANGERS = rows(STRANGERS, [
  ["sqs:SendMessage", ({ queue }) => queue("canary"), "the queue's policy names add-job"],
  ["sqs:ReceiveMessage", ({ deadLetters }) => deadLetters("canary"), "a role of the platform polls it"],
  ["sns:Publish", ({ events }) => events, "no policy names it"],
  ["s3:GetObject", (arns) => result(arns, "canary"), "no policy names it"],
  ["s3:PutObject", (arns) => upload(arns, "canary"), "no policy names it", onceOnly],
  ["dynamodb:GetItem", ({ jobs }) => jobs, "no policy names it"],
  ["kms:Decrypt", ({ key }) => key, "no policy names it", throughSqs],
  ["lambda:InvokeFunction", ({ lambda }) => lambda("add-job"), "the API invokes it"],
  ["sts:AssumeRole", ({ role }) => role("platform", "add-job_role"), "Lambda takes the role"],
]);

export const DENIED_ATTEMPTS: readonly DeniedAttempt[] = [
  ...DENIED_TO_EVERYBODY,
  ...deniedToWorker("canary", "document"),
  ...deniedToWorker("order-totals", "canary"),
  ...DENIED_ACCESS,
  ...DENIED_TO_LAMBDAS,
  ...DENIED_CONTROL,
  ...DENIED_SCHEDULING,
  ...DENIED_TO_EXECUTION,
  ...DENIED_TO_SERVICES,
  ...DENIED_TO_STRANGERS,
];
