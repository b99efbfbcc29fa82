import { beforeAll, describe, expect, it } from "vitest";
import { type AccessRequest, decide, ownerOf, type Principal } from "./access.ts";
import type { DeniedAttempt } from "./denied-attempt.ts";
import { DENIED_ATTEMPTS, updating } from "./denied-attempts.ts";
import { JOB_SCHEDULE } from "./denied-scheduling.ts";
import { type Arns, arnsOf, secretArn } from "./deployed-arns.ts";
import type { Deployment } from "./deployment.ts";
import { type Policies, policiesOf } from "./policies.ts";
import { principalsOf } from "./principals.ts";
import { JOB_TYPES, synthesizedDeployment } from "./synthesized-deployment.ts";

/** Resources that are no part of the platform, on purpose. */
const ELSEWHERE = ["/other/", ":somebody-elses-queue", "acme-orders-test-other", ":alarm:jobs-prod-"];

let deployment: Deployment;
let arns: Arns;
let policies: Policies;
let principals: ReadonlyMap<string, Principal>;

beforeAll(async () => {
  deployment = await synthesizedDeployment();
  arns = arnsOf(deployment);
  const all = policiesOf(deployment);
  const everything = { Sid: "Everything", Effect: "Allow", Action: ["*"], Resource: ["*"] } as const;
  policies = { ...all, identity: new Map(all.identity).set("foreigner", { name: "foreigner", statements: [everything] }) };
  principals = new Map<string, Principal>([
    ...principalsOf(deployment),
    ["stranger", { role: "stranger" }],
    ["foreigner", { role: "foreigner", account: "999999999999" }],
  ]);
});

function requestOf({ principal, action, on, context }: DeniedAttempt): AccessRequest {
  const who = principals.get(principal);
  if (who === undefined) throw new Error(`${principal} is nobody`);
  return { principal: who, action, resource: on(arns), context: context?.(arns) ?? {} };
}

describe("nobody may do what is not theirs to do", () => {
  it.each(DENIED_ATTEMPTS)("$principal may not $action: $because", async (attempt) => {
    const { decision } = await decide(policies, arns.account, requestOf(attempt));
    expect(decision).toMatch(/Denied$/);
  });
});

describe("what is denied for one thing alone", () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ["no more than its desired count", {}],
    ["that there is no ECS Exec, as there is none", { "ecs:enable-execute-command": "false" }],
    ["that tasks have the service's tags, as they do", { "ecs:propagate-tags": "SERVICE" }],
  ])("is an update of a service, which may say %s", async (_, said) => {
    const attempt = { principal: "add-job", action: "ecs:UpdateService", on: () => arns.service("canary"), because: "" };
    expect((await decide(policies, arns.account, requestOf({ ...attempt, context: updating(said) }))).decision).toBe("Allowed");
  });
});

describe("the list of what must be denied", () => {
  it("is about resources that exist, so that no slip of the pen passes for a denial", () => {
    const types = [
      "dynamodb_table",
      "ecr_repository",
      "iam_role",
      "kms_key",
      "lambda_function",
      "s3_bucket",
      "sns_topic",
      "sqs_queue",
    ];
    const known = [...types, "cloudwatch_log_group", "cloudwatch_metric_alarm"].flatMap((type) =>
      deployment.resources(`aws_${type}`).map(({ arn }) => arn),
    );
    const inCluster = JOB_TYPES.map(({ name }) => arns.service(name));
    const secrets = JOB_TYPES.flatMap(({ name }) => arns.secrets(name).map(secretArn));
    // Of a job, and of a job type: there are no others.
    const schedules = [arns.schedule(JOB_SCHEDULE), arns.schedule("canary.nightly")];
    const existing = new Set([
      ...known,
      ...inCluster,
      ...schedules,
      arns.task,
      arns.noInstance,
      arns.scalableTarget,
      arns.metrics,
      arns.orders,
      arns.secretsKey,
      ...secrets,
    ]);
    const unknown = DENIED_ATTEMPTS.map(({ on }) => ownerOf(on(arns))).filter((arn) => !existing.has(arn));
    expect(unknown.filter((arn) => !ELSEWHERE.some((part) => arn.includes(part)))).toEqual([]);
  });

  it("names each attempt once", () => {
    const told = DENIED_ATTEMPTS.map((attempt) => JSON.stringify(requestOf(attempt)));
    expect(told.filter((request, index) => told.indexOf(request) !== index)).toEqual([]);
  });

  it("would notice a policy that allows too much", async () => {
    const role = principals.get("worker-canary") as { role: string };
    const scan = { Sid: "Slip", Effect: "Allow", Action: ["dynamodb:*"], Resource: ["*"] } as const;
    const loose = { ...policies, identity: new Map(policies.identity).set(role.role, { name: "loose", statements: [scan] }) };
    const attempts = DENIED_ATTEMPTS.filter(
      ({ principal, action }) => principal === "worker-canary" && action === "dynamodb:Scan",
    );
    const decisions = await Promise.all(
      attempts.map(async (attempt) => (await decide(loose, arns.account, requestOf(attempt))).decision),
    );
    expect(decisions).toEqual(["Allowed"]);
  });
});
