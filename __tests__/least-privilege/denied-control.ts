import { type DeniedAttempt, LAMBDAS, rows } from "./denied-attempt.ts";
import type { Arns } from "./deployed-arns.ts";

const keys =
  (...values: string[]) =>
  () => ({ "dynamodb:LeadingKeys": values });
const shell = ({ cluster }: Arns) => ({ "ecs:cluster": cluster, "ecs:enable-execute-command": "true" });
const alarm =
  (name: string) =>
  ({ elsewhere }: Arns) =>
    elsewhere("cloudwatch", `alarm:${name}`);
const target = ({ scalableTarget }: Arns) => scalableTarget;
const scaling =
  (tags: Readonly<Record<string, string>>, keys: Readonly<Record<string, string>> = {}) =>
  (): Readonly<Record<string, string>> => ({
    "application-autoscaling:service-namespace": "ecs",
    "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
    ...Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:ResourceTag/${tag}`, value])),
    ...keys,
  });

/** What the Lambda that pauses types may not do, and nobody else. */
export const DENIED_CONTROL: readonly DeniedAttempt[] = [
  ...rows(
    ["control"],
    [
      ["dynamodb:PutItem", ({ jobTypes }) => jobTypes, "a type's entry is its own stack's", keys("job-types")],
      ["dynamodb:PutItem", ({ jobs }) => jobs, "it changes no jobs", keys("canary_controls")],
      ["dynamodb:GetItem", ({ jobs }) => jobs, "it reads no jobs"],
      ["sqs:SendMessage", ({ queue }) => queue("canary"), "it adds no jobs"],
      ["sns:Publish", ({ events }) => events, "it changes no jobs"],
      ["ecs:UpdateService", ({ service }) => service("canary"), "a shell in a task has its rights", shell],
      ["application-autoscaling:RegisterScalableTarget", target, "it is another environment's", scaling({ environment: "prod" })],
      ["application-autoscaling:RegisterScalableTarget", target, "it is nobody knows whose", scaling({})],
      [
        "application-autoscaling:RegisterScalableTarget",
        target,
        "it scales no service",
        scaling({ environment: "test" }, { "application-autoscaling:service-namespace": "dynamodb" }),
      ],
      [
        "application-autoscaling:DeregisterScalableTarget",
        target,
        "what scales is Terraform's",
        scaling({ environment: "test" }),
      ],
      ["cloudwatch:DisableAlarmActions", alarm("jobs-test-canary-scale-out"), "what scales it suspends by the scalable target"],
      ["cloudwatch:DisableAlarmActions", alarm("jobs-test-canary-waits-for-days"), "a forgotten pause is to be told of"],
      ["cloudwatch:DisableAlarmActions", alarm("jobs-test-canary-failed-jobs"), "a pause fails no jobs"],
      ["cloudwatch:DisableAlarmActions", alarm("jobs-prod-canary-no-worker"), "it is another environment's"],
      ["cloudwatch:SetAlarmState", alarm("jobs-test-canary-no-worker"), "it says not how a type is"],
    ],
  ),
  ...rows(
    LAMBDAS.filter((name) => name !== "control"),
    [
      ["dynamodb:PutItem", ({ jobTypes }) => jobTypes, "the Lambda control alone pauses types", keys("canary_controls")],
      ["cloudwatch:DisableAlarmActions", alarm("jobs-test-canary-no-worker"), "the Lambda control alone pauses types"],
    ],
  ),
];
