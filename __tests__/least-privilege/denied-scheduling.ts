import { rows } from "./denied-attempt.ts";
import type { Arns } from "./deployed-arns.ts";

const input = ({ bucket }: Arns) => `${bucket}/inputs/canary/01J/1.json`;
const listing = ({ jobs }: Arns) => `${jobs}/index/by-type-and-status`;
/** The name of a job's schedule. */
export const JOB_SCHEDULE = "canary_01K91ABCDEFGHJKMNPQRSTVWXYK91AB";
const jobSchedule = ({ schedule }: Arns) => schedule(JOB_SCHEDULE);
const toScheduler = () => ({ "iam:PassedToService": "scheduler.amazonaws.com" });
const toLambda = () => ({ "iam:PassedToService": "lambda.amazonaws.com" });
const otherSchedule = ({ elsewhere }: Arns) => ({
  "kms:EncryptionContext:aws:scheduler:schedule:arn": elsewhere("scheduler", "schedule/other/canary_01J"),
});

/** Who may not make, change or run schedules, and what schedules may not do. */
export const DENIED_SCHEDULING = [
  ...rows(
    ["add-job"],
    [
      ["scheduler:CreateSchedule", ({ schedule }) => schedule("canary.nightly"), "job types' schedules are Terraform's"],
      ["scheduler:UpdateSchedule", ({ schedule }) => schedule("canary.nightly"), "job types' schedules are Terraform's"],
      ["scheduler:DeleteSchedule", jobSchedule, "it cancels no jobs"],
      ["scheduler:CreateSchedule", ({ elsewhere }) => elsewhere("scheduler", "schedule/other/canary_01J"), "it is another group"],
      ["iam:PassRole", ({ role }) => role("platform", "schedules_role"), "it is for the scheduler alone", toLambda],
      ["iam:PassRole", ({ role }) => role("platform", "schedule_role"), "schedules invoke a Lambda, and no more", toScheduler],
    ],
  ),
  ...rows(
    ["create-upload", "query-job", "cancel-job", "dead-letter", "schedule"],
    [
      ["scheduler:CreateSchedule", jobSchedule, "add-job alone makes schedules"],
      ["iam:PassRole", ({ role }) => role("platform", "schedules_role"), "add-job alone passes it on", toScheduler],
    ],
  ),
  ...rows(
    ["cancel-job"],
    [
      ["scheduler:DeleteSchedule", ({ schedule }) => schedule("canary.nightly"), "job types' schedules are Terraform's"],
      ["scheduler:UpdateSchedule", jobSchedule, "it deletes schedules and changes none"],
    ],
  ),
  ...rows(
    ["schedule"],
    [
      ["dynamodb:UpdateItem", ({ jobs }) => jobs, "it creates jobs and changes none"],
      ["dynamodb:Query", listing, "it looks at the jobs of a schedule alone"],
      ["s3:GetObject", input, "it reads no inputs"],
      ["scheduler:DeleteSchedule", jobSchedule, "schedules delete themselves"],
    ],
  ),
  ...rows(
    ["schedules"],
    [
      ["lambda:InvokeFunction", ({ lambda }) => lambda("add-job"), "schedules invoke one Lambda"],
      ["sqs:SendMessage", ({ queue }) => queue("canary"), "the Lambda sends messages"],
      ["kms:Decrypt", ({ key }) => key, "it is another group's schedule", otherSchedule],
    ],
  ),
];
