import { mkdir } from "node:fs/promises";
import path from "node:path";
import { App } from "cdktf";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { defineEnvironment } from "../../environments/define-environment.ts";
import type { Environment, EnvironmentSettings, OwnNetwork } from "../../environments/environment.ts";
import { AwsStack } from "../../modules/aws-stack.ts";
import { EMULATOR_CREDENTIALS } from "../../modules/emulator.ts";
import { roleName } from "../../modules/names.ts";
import { OwnVpc } from "../../modules/own-vpc.ts";
import { ServiceRole } from "../../modules/service-role.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { deployedEnvironment, stackFolder, terraformOf } from "./deployment.ts";
import { type Plan, plannedDifferences } from "./plan-differences.ts";

const deployment = inject("deployment");
const STACK = "changes";
/** In the order in which it is applied. */
const BEFORE = { path: "/", zones: ["us-east-1a", "us-east-1b"] };
const AFTER = { path: "/jobs/", zones: ["us-east-1b", "us-east-1c"] };
type Settings = typeof BEFORE;

let environment: (settings: Settings) => Environment;
let outputFolder: string;
const terraform = terraformOf(deployment, STACK);
const folder = () => stackFolder(outputFolder, STACK);

/** Only what the changes are about: a role with its policy, and a network. */
async function write(settings: Settings): Promise<void> {
  const app = new App({ outdir: outputFolder, stackTraces: false });
  const of = environment(settings);
  const stack = new AwsStack(app, STACK, of);
  new ServiceRole(stack, "worker", of, {
    name: "worker",
    description: "Of a test",
    service: "ecs-tasks.amazonaws.com",
    statements: [{ sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::example/*"] }],
  });
  new OwnVpc(stack, "own", of, of.network as OwnNetwork, "arn:aws:kms:us-east-1:123456789012:key/example");
  await mkdir(outputFolder, { recursive: true });
  app.synth();
}

/** IAM answers in XML. @returns what is in every element of the name. */
async function iam(element: string, parameters: Readonly<Record<string, string>>): Promise<string[]> {
  const scope = `${EMULATOR_CREDENTIALS.accessKey}/20260101/us-east-1/iam/aws4_request`;
  const response = await fetch(deployment.endpoint, {
    method: "POST",
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` },
    body: new URLSearchParams({ ...parameters, Version: "2010-05-08" }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return [...text.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(([, value = ""]) => value);
}

let plan: Plan;
beforeAll(async () => {
  outputFolder = path.join(await temporaryFolder("changes"), "out");
  const states = path.join(path.dirname(outputFolder), "states");
  const { name, accountId, region, lambda, terraform: versions, fargate } = deployedEnvironment(deployment);
  environment = ({ path: rolePath, zones }) =>
    defineEnvironment({
      ...{ name, accountId, region, lambda, fargate, terraform: versions, namePrefix: "jobs-changes" },
      backend: { kind: "local", path: states },
      network: { kind: "private-with-endpoints", cidr: "10.50.0.0/16", zones },
      roles: { path: rolePath },
    } as EnvironmentSettings);
  await write(BEFORE);
  await terraform.init(folder());
  await terraform.apply(folder());
  await write(AFTER);
  plan = (await terraform.plan(folder())) as Plan;
  await terraform.applyPlan(folder());
});

describe("roles whose path is changed", () => {
  it("are made anew with their policies", async () => {
    for (const name of ["worker", "flow-logs"]) {
      const RoleName = roleName(environment(AFTER), name);
      expect(await iam("Path", { Action: "GetRole", RoleName })).toEqual([AFTER.path]);
      expect(await iam("member", { Action: "ListRolePolicies", RoleName })).toEqual([name]);
    }
  });
});

describe("a network whose zones are changed", () => {
  const inZone = (zone: string) => [`aws_route_table_association.own_private-${zone}-routes`, `aws_subnet.own_private-${zone}`];

  it("loses what was in the zone that is gone, gains what is in the new one, and nothing else of it moves", () => {
    const changes = plannedDifferences(plan).filter((line) => !/aws_(iam_role|flow_log)/.test(line));
    const expected = [
      ...inZone("us-east-1a").map((address) => `delete ${address}`),
      ...inZone("us-east-1c").map((address) => `create ${address}`),
    ];
    expect(changes).toEqual(expected.sort());
  });

  it("is then as it is declared", async () => {
    expect(plannedDifferences((await terraform.plan(folder())) as Plan)).toEqual([]);
  });
});
