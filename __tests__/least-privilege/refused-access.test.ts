import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type DeploymentSettings, deploymentIn } from "../../domain/deployment-settings.ts";
import { deployedJobTypes } from "../../modules/deployments.ts";
import { buildJobType } from "../modules/synthesized.ts";
import { runs } from "../support/property-runs.ts";
import { decide } from "./access.ts";
import { type Arns, arnsOf } from "./deployed-arns.ts";
import { type Policies, policiesOf } from "./policies.ts";
import { environment, synthesizedDeployment } from "./synthesized-deployment.ts";

type Statement = NonNullable<DeploymentSettings["access"]>[number];

/** What belongs to the platform or to another type, with something that a job could want to do to it. */
const OWN: readonly (readonly [what: string, action: string, arn: (arns: Arns) => string])[] = [
  ["jobs table", "dynamodb:PutItem", ({ jobs }) => jobs],
  ["list of jobs", "dynamodb:Query", ({ jobs }) => `${jobs}/index/by-type-and-status`],
  ["registry", "dynamodb:UpdateItem", ({ jobTypes }) => jobTypes],
  ["events topic", "sns:Subscribe", ({ events }) => events],
  ["alerts topic", "sns:Publish", ({ alerts }) => alerts],
  ["queue of another type", "sqs:SendMessage", ({ queue }) => queue("canary")],
  ["dead letters", "sqs:ReceiveMessage", ({ deadLetters }) => deadLetters("canary")],
  ["bucket", "s3:ListBucket", ({ bucket }) => bucket],
  ["input of another type", "s3:GetObject", ({ bucket }) => `${bucket}/inputs/canary/01J/1.json`],
  ["upload for another type", "s3:GetObject", ({ bucket }) => `${bucket}/uploads/canary/owner/01J/data`],
  ["key", "kms:Decrypt", ({ key }) => key],
  ["Lambda", "lambda:UpdateFunctionCode", ({ lambda }) => lambda("add-job")],
  ["service of another type", "ecs:UpdateService", ({ service }) => service("canary")],
  ["task", "ecs:ExecuteCommand", ({ task }) => task],
  ["images of another type", "ecr:PutImage", ({ repository }) => repository("canary")],
  ["log of another type", "logs:DeleteLogGroup", ({ workerLogs }) => workerLogs("canary")],
  ["log of a Lambda", "logs:DeleteLogGroup", ({ lambdaLogs }) => lambdaLogs("add-job")],
  [
    "log of the API",
    "logs:DeleteLogGroup",
    ({ elsewhere }) => elsewhere("logs", "log-group:/aws/vendedlogs/jobs-test/api-access"),
  ],
  ["alarm", "cloudwatch:DisableAlarmActions", ({ elsewhere }) => elsewhere("cloudwatch", "alarm:jobs-test-canary-scale-out")],
  ["dashboard", "cloudwatch:DeleteDashboards", ({ account }) => `arn:aws:cloudwatch::${account}:dashboard/jobs-test`],
];

const segments = (arn: string, change: (parts: string[]) => void): string => {
  const [partition, service, region, account, ...rest] = arn.split(":").slice(1);
  const parts = ["arn", partition, service, region, account, rest.join(":")] as string[];
  change(parts);
  return parts.join(":");
};
const segment = (place: number, change: (part: string) => string) => (arn: string) =>
  segments(arn, (parts) => {
    parts[place] = change(parts[place] ?? "");
  });
const [PARTITION, SERVICE, REGION, ACCOUNT, NAME] = [1, 2, 3, 4, 5];
const all = () => "*";
/** The name without the kind of what it names, such as `table/`. */
const afterKind = (name: string, change: (own: string) => string): string => {
  const [kind = ""] = /^[a-z-]+[/:]/.exec(name) ?? [];
  return kind + change(name.slice(kind.length));
};

/** Ways to write an ARN so that IAM finds the resource in it. */
const REACHING: Readonly<Record<string, (arn: string) => string>> = {
  "of every region": segment(REGION, all),
  "of every account": segment(ACCOUNT, all),
  "of every region and account": (arn) => segment(REGION, all)(segment(ACCOUNT, all)(arn)),
  "with a star for what ends the account": segment(ACCOUNT, (account) => `${account.slice(0, 6)}*`),
  "with a star for its name": segment(NAME, all),
  "with a star after its name": (arn) => `${arn}*`,
  "with a star for what ends its name": segment(NAME, (name) => `${name.slice(0, -3)}*`),
  "with a star for what begins its name": segment(NAME, (name) => afterKind(name, (own) => `*${own.slice(3)}`)),
  "with stars within its name": segment(NAME, (name) => afterKind(name, (own) => [...own].join("*"))),
  "with ? for the last character": segment(NAME, (name) => `${name.slice(0, -1)}?`),
  "with ? for its name": segment(NAME, (name) => "?".repeat(name.length)),
  "with ? and stars": segment(NAME, (name) => `?${"*?".repeat(name.length - 1)}`),
};

/** Ways that IAM does not take, or that could become anything. */
const OTHER: Readonly<Record<string, (arn: string) => string>> = {
  "with a star for a part of its kind": segment(NAME, (name) => `*${name.slice(3)}`),
  "of every service": segment(SERVICE, all),
  "of a service that ends with a star": segment(SERVICE, (service) => `${service.slice(0, 1)}*`),
  "of a service in capitals": segment(SERVICE, (service) => service.toUpperCase()),
  "of every partition": segment(PARTITION, all),
  "of a partition by a pattern": segment(PARTITION, () => "aws*"),
  "of China": segment(PARTITION, () => "aws-cn"),
  "of GovCloud": segment(PARTITION, () => "aws-us-gov"),
  "with ? in its account": segment(ACCOUNT, (account) => `?${account.slice(1)}`),
  "with a variable of IAM that has a default": segment(NAME, (name) => `\${aws:PrincipalTag/none,'${name}'}`),
  "with a variable of IAM": segment(NAME, () => "$" + "{aws:PrincipalTag/name}"),
  "as a reference of Terraform": segment(NAME, () => "$" + "{data.terraform_remote_state.platform.outputs.jobs_table_name}"),
  "beside a blank": (arn) => ` ${arn}`,
  // A star at the end of a part of an ARN stands for what follows the colon, too (IAM: Resource).
  "with one star for region and account": (arn) => [...arn.split(":").slice(0, 3), "*", ...arn.split(":").slice(5)].join(":"),
  "without its account": (arn) => arn.split(":").slice(0, 4).join(":"),
};

let arns: Arns;
let policies: Policies;
beforeAll(async () => {
  const deployment = await synthesizedDeployment();
  arns = arnsOf(deployment);
  policies = policiesOf(deployment);
});

/** The message with which synth refuses a statement, "" where it does not. */
async function refusal(statement: object): Promise<string> {
  try {
    const report = deploymentIn("report/deployment.ts", () => ({ access: [statement as Statement] }), {
      ...environment,
      environment: environment.name,
    });
    await deployedJobTypes(environment, [buildJobType()], { report });
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const named = async (action: string, resource: string) =>
  await refusal({ actions: [action], resources: [resource], reason: "ForTheTest" });
const RESOURCE = /^report\/deployment\.ts: access\.0\.resources/;

describe.each(OWN)("the %s, named in access", (what, action, arn) => {
  it.each(Object.entries(REACHING))("is refused %s, by which IAM would find it", async (_, spell) => {
    const resource = spell(arn(arns));
    expect(await named(action, resource)).toMatch(RESOURCE);
    const statement = { Sid: "Access1", Effect: "Allow", Action: [action], Resource: [resource] } as const;
    const granted = { ...policies, identity: new Map([["role", { name: "role", statements: [statement] }]]) };
    const request = { principal: { role: "role" }, action, resource: arn(arns) };
    expect((await decide(granted, arns.account, request)).decision).toBe("Allowed");
  });

  it.each(Object.entries(OTHER))("is refused %s", async (_, spell) => {
    expect(await named(action, spell(arn(arns)))).toMatch(RESOURCE);
  });

  // The platform's own key has an ID that the plan alone knows, and compares.
  if (what !== "key") {
    it("is refused by its ARN", async () => {
      expect(await named(action, arn(arns))).toMatch(RESOURCE);
    });
  }

  it("is refused by every pattern that stands for its ARN", async () => {
    const whole = arn(arns);
    const cut = fc.record({
      at: fc.nat(whole.length - 1),
      length: fc.integer({ min: 1, max: 20 }),
      glob: fc.constantFrom("*", "?"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 4 }), async (cuts) => {
        const parts = [...whole];
        for (const { at, length, glob } of cuts) parts.fill(glob, at, at + length);
        expect(await named(action, parts.join("").replaceAll(/\*+/g, "*"))).toMatch(RESOURCE);
      }),
      runs(100),
    );
  });
});

describe("what AWS gives an ID", () => {
  it.each([
    ["kms:Decrypt", "arn:aws:kms:us-east-1:000000000000:key/*", "key"],
    ["apigateway:DELETE", "arn:aws:apigateway:us-east-1::/apis/?1b2c3d4e5", "API"],
    ["application-autoscaling:RegisterScalableTarget", "arn:aws:application-autoscaling:*:*:scalable-target/0ec5*", "scaling"],
    ["lambda:DeleteEventSourceMapping", "arn:aws:lambda:us-east-1:000000000000:e*", "Lambdas"],
  ])("is refused by a pattern: %s on %s", async (action, resource, own) => {
    const whole = resource.replaceAll(/[*?]/g, "0");
    expect(await named(action, resource)).toContain(`any ARN but those of the platform, as of its ${own}`);
    expect(await named(action, whole)).toBe("");
  });
});

describe("what is no part of the platform", () => {
  it.each([
    ["dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:000000000000:table/orders*"],
    ["sns:Publish", "arn:aws:sns:us-east-1:000000000000:orders-*"],
    ["sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:orders-?"],
    ["s3:GetObject", "arn:aws:s3:::acme-*/orders/*"],
    ["kms:Decrypt", "arn:aws:kms:us-east-1:000000000000:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"],
    ["kms:Decrypt", "arn:aws:kms:us-east-1:999999999999:key/*"],
    ["lambda:InvokeFunction", "arn:aws:lambda:us-east-1:000000000000:function:orders"],
    ["ecs:RunTask", "arn:aws:ecs:us-east-1:000000000000:task-definition/orders:*"],
    ["logs:PutLogEvents", "arn:aws:logs:us-east-1:000000000000:log-group:/orders/*"],
    ["cloudwatch:SetAlarmState", "arn:aws:cloudwatch:us-east-1:000000000000:alarm:orders-*"],
    ["execute-api:Invoke", "arn:aws:execute-api:us-east-1:000000000000:z9y8x7w6v5/*"],
  ])("may be named: %s on %s", async (action, resource) => {
    expect(await named(action, resource)).toBe("");
  });
});

describe("a statement of access", () => {
  it.each(["effect", "notActions", "notResources", "NotAction", "NotResource", "principal"])(
    "has no %s, by which it could mean more than it names",
    async (member) => {
      const statement = { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::acme/*"], [member]: ["arn:aws:s3:::acme/*"] };
      expect(await refusal(statement)).toContain(`report/deployment.ts: access.0.${member} is`);
    },
  );

  it.each([["dynamodb:*"], ["*"], ["s3:Get?bject"], ["S3:GetObject"], ["iam:PassRole"], ["sts:AssumeRole"]])(
    "has no action %s",
    async (action) => {
      expect(await named(action, "arn:aws:s3:::acme/*")).toContain("report/deployment.ts: access.0.actions.0 is");
    },
  );
});
