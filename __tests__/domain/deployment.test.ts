import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { defineDeployment } from "../../domain/deployment.ts";
import { type DeploymentSettings, deploymentIn, NO_DEPLOYMENT } from "../../domain/deployment-settings.ts";
import { SettingsError } from "../../domain/errors.ts";
import { loadDeployment } from "../../domain/load-deployment.ts";
import { isFreeVariable } from "../../domain/variable-names.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const TARGET = { environment: "prod", accountId: "111122223333", region: "eu-central-1" };
const SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders/db-AbCdEf";
const READ = { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::acme-prod-orders/*"] };

/** The message about settings, which the types may forbid. */
function refusal(settings: unknown): string {
  try {
    deploymentIn("jobs/etl/deployment.ts", () => settings as DeploymentSettings, TARGET);
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as Error).message;
  }
}

describe("a deployment", () => {
  it("reaches nothing unless told otherwise", () => {
    expect(NO_DEPLOYMENT).toEqual({
      file: "deployment.ts",
      access: [],
      schedules: [],
      secrets: {},
      variables: {},
      container: {},
      network: { securityGroupIds: [], egress: [] },
      scaling: { minTasks: 0, warm: [] },
      tags: {},
      deployed: true,
      retired: false,
    });
    const file = "jobs/etl/deployment.ts";
    expect(deploymentIn(file, () => ({}), TARGET)).toEqual({ ...NO_DEPLOYMENT, file });
  });

  it("is a function of the environment, and may say all of this", () => {
    const describeDeployment = defineDeployment(({ environment, accountId, region }) => ({
      access: [
        { ...READ, resources: [`arn:aws:s3:::acme-${environment}-orders/*`] },
        { actions: ["s3:ListAllMyBuckets"], resources: ["*"], reason: "FindTheDaysBucket" },
      ],
      secrets: {
        DB_PASSWORD: `arn:aws:secretsmanager:${region}:${accountId}:secret:orders/db-AbCdEf:password::`,
        API_KEY: `arn:aws:ssm:${region}:${accountId}:parameter/orders/api-key`,
      },
      variables: { DB_HOST: "db.example.com" },
      container: { ephemeralStorageGiB: 60, baseImage: `registry.example.com:5000/node-python:24@sha256:${"0".repeat(64)}` },
      network: {
        securityGroupIds: ["sg-0123456789abcdef0"],
        egress: [{ port: 5432, to: "10.0.0.0/16", description: "the database of orders" }],
      },
      scaling: {
        maxTasks: 50,
        minTasks: 1,
        warm: [{ from: "cron(0 7 ? * MON-FRI *)", to: "cron(0 19 ? * MON-FRI *)", timezone: "Europe/Berlin", minTasks: 3 }],
      },
      tags: { "cost-center": "42" },
    }));
    expect(deploymentIn("jobs/etl/deployment.ts", describeDeployment, TARGET)).toMatchObject({
      access: [{ resources: ["arn:aws:s3:::acme-prod-orders/*"] }, { reason: "FindTheDaysBucket" }],
      secrets: { API_KEY: "arn:aws:ssm:eu-central-1:111122223333:parameter/orders/api-key" },
      scaling: { maxTasks: 50, warm: [{ timezone: "Europe/Berlin" }] },
      deployed: true,
      retired: false,
    });
  });
});

describe("a deployment is refused by the setting's path:", () => {
  it.each<[string, unknown, string]>([
    ["a misspelled setting", { acces: [] }, "acces is []; allowed: only the settings access, secrets, variables, "],
    [
      "one deeper",
      { container: { memory: 1 } },
      "container.memory is 1; allowed: only the settings container.ephemeralStorageGiB, ",
    ],
    [
      "one in a list",
      { access: [{ ...READ, action: "s3:*" }] },
      'access.0.action is "s3:*"; allowed: only the settings access.0.actions, ',
    ],
    ["nothing at all", undefined, "is missing; allowed: an object of settings"],
    [
      "a wildcard in an action",
      { access: [{ ...READ, actions: ["s3:Get*"] }] },
      'access.0.actions.0 is "s3:Get*"; allowed: an action with its service',
    ],
    ["every action", { access: [{ ...READ, actions: ["*"] }] }, 'access.0.actions.0 is "*"'],
    [
      "rights",
      { access: [READ, { ...READ, actions: ["iam:PassRole"] }] },
      'access.1.actions.0 is "iam:PassRole"; allowed: no action of iam or sts',
    ],
    [
      "roles",
      { access: [{ ...READ, actions: ["sts:AssumeRole"] }] },
      'access.0.actions.0 is "sts:AssumeRole"; allowed: no action of iam or sts',
    ],
    ["no action", { access: [{ ...READ, actions: [] }] }, "access.0.actions is []; allowed: at least one action"],
    ["no resource", { access: [{ ...READ, resources: [] }] }, "access.0.resources is []; allowed: at least one ARN"],
    [
      "a bucket's name",
      { access: [{ ...READ, resources: ["acme-orders"] }] },
      'access.0.resources.0 is "acme-orders"; allowed: the ARN of a resource',
    ],
    [
      "every resource without a reason",
      { access: [{ ...READ, resources: ["*"] }] },
      "access.0.reason is missing; allowed: a reason where",
    ],
    ["a reason that IAM refuses", { access: [{ ...READ, reason: "find the bucket" }] }, "access.0.reason is"],
    [
      "a secret's value",
      { secrets: { DB_PASSWORD: "hunter2" } },
      'secrets.DB_PASSWORD is "hunter2"; allowed: the whole ARN of a secret',
    ],
    ["a secret's name", { secrets: { DB_PASSWORD: "orders/db" } }, "secrets.DB_PASSWORD is"],
    ["a secret's ARN without its end", { secrets: { A: SECRET.replace("-AbCdEf", "") } }, "secrets.A is"],
    ["a secret with half a key", { secrets: { A: `${SECRET}:password` } }, "secrets.A is"],
    ["our variable", { variables: { JOB_TYPE: "x" } }, "variables.JOB_TYPE is"],
    [
      "AWS's variable",
      { variables: { AWS_REGION: "x" } },
      'variables.AWS_REGION is "x"; allowed: 1 to 128 letters, digits and underscores, a letter first, and none of this system\'s',
    ],
    ["Node's variable", { secrets: { NODE_OPTIONS: SECRET } }, "secrets.NODE_OPTIONS is"],
    ["a variable's number", { variables: { PORT: 5432 } }, "variables.PORT is 5432; allowed: a text"],
    ["one name twice", { variables: { A: "" }, secrets: { A: SECRET } }, "secrets.A is"],
    [
      "a disk that Fargate has not",
      { container: { ephemeralStorageGiB: 20 } },
      "container.ephemeralStorageGiB is 20; allowed: a whole number from 21 to 200",
    ],
    ["a large one", { container: { ephemeralStorageGiB: 201 } }, "container.ephemeralStorageGiB is 201"],
    ["an image with a blank", { container: { baseImage: "node 24" } }, 'container.baseImage is "node 24"'],
    [
      "an image that may be any",
      { container: { baseImage: "registry.example.com:5000/node-python" } },
      'container.baseImage is "registry.example.com:5000/node-python"; allowed: the name of an image with its tag or digest',
    ],
    ["a security group's name", { network: { securityGroupIds: ["db-clients"] } }, 'network.securityGroupIds.0 is "db-clients"'],
    [
      "too many groups",
      { network: { securityGroupIds: ["sg-01234567", "sg-01234568", "sg-01234569", "sg-0123456a"] } },
      "network.securityGroupIds is",
    ],
    [
      "a port that is none",
      { network: { egress: [{ port: 0, to: "10.0.0.0/16", description: "d" }] } },
      "network.egress.0.port is 0",
    ],
    [
      "a host",
      { network: { egress: [{ port: 1, to: "db.example.com", description: "d" }] } },
      'network.egress.0.to is "db.example.com"',
    ],
    [
      "a network by another address than its first",
      { network: { egress: [{ port: 1, to: "10.0.0.5/16", description: "d" }] } },
      'network.egress.0.to is "10.0.0.5/16"; allowed: a network by its first address',
    ],
    [
      "a port of a destination twice",
      {
        network: { egress: ["the database", "the same"].map((description) => ({ port: 5432, to: "10.0.0.0/16", description })) },
      },
      "network.egress is ",
    ],
    [
      "a rule without its reason",
      { network: { egress: [{ port: 1, to: "10.0.0.0/16" }] } },
      "network.egress.0.description is missing",
    ],
    ["too many tasks", { scaling: { maxTasks: 5_001 } }, "scaling.maxTasks is 5001"],
    [
      "a window without more tasks",
      { scaling: { minTasks: 2, warm: [{ from: "cron(0 7 * * ? *)", to: "cron(0 8 * * ? *)", minTasks: 2 }] } },
      "scaling.warm is [2]; allowed: windows with more tasks than scaling.minTasks, which is 2",
    ],
    [
      "a window's time that AWS has not",
      { scaling: { warm: [{ from: "cron(0 7 * * * *)", to: "cron(0 8 * * ? *)", minTasks: 2 }] } },
      'scaling.warm.0.from is "cron(0 7 * * * *)"; allowed: when it begins, as AWS has schedules',
    ],
    [
      "a window's time",
      { scaling: { warm: [{ from: "7:00", to: "cron(0 8 * * ? *)", minTasks: 2 }] } },
      'scaling.warm.0.from is "7:00"',
    ],
    ...["+02:00", "europe/berlin", "utc"].map((timezone): [string, unknown, string] => [
      `the time zone ${timezone}, as AWS has no name`,
      { scaling: { warm: [{ from: "cron(0 7 * * ? *)", to: "cron(0 8 * * ? *)", timezone, minTasks: 2 }] } },
      `scaling.warm.0.timezone is "${timezone}"; allowed: the name of a time zone`,
    ]),
    [
      "a time zone that is none",
      { scaling: { warm: [{ from: "cron(0 7 * * ? *)", to: "cron(0 8 * * ? *)", timezone: "Berlin", minTasks: 2 }] } },
      'scaling.warm.0.timezone is "Berlin"',
    ],
    ["AWS's tag", { tags: { "aws:x": "y" } }, "tags.aws:x is"],
    ["a tag's line break", { tags: { a: "b\nc" } }, "tags.a is"],
    ["a word for yes", { retired: "yes" }, 'retired is "yes"; allowed: true, false'],
  ])("%s", (_, settings, message) => {
    expect(refusal(settings)).toContain(`jobs/etl/deployment.ts: ${message}`.replace(": is", " is"));
  });

  it("what its function throws is told with the environment", () => {
    const describeDeployment = () => {
      throw new Error("no database in prod");
    };
    expect(() => deploymentIn("jobs/etl/deployment.ts", describeDeployment, TARGET)).toThrow(
      "jobs/etl/deployment.ts fails for environment prod: no database in prod",
    );
  });
});

describe("the name of a variable", () => {
  it.each(["DB_HOST", "TZ", "LANG", "A", "db_host", "JOBSITE", "AWSOME"])("may be %s", (name) => {
    expect(isFreeVariable(name)).toBe(true);
  });

  it.each([
    "",
    "1A",
    "A-B",
    "A B",
    "A=B",
    "JOB_TYPE",
    "JOBS_ACCESS",
    "job_type",
    "AWS_REGION",
    "ECS_AGENT_URI",
    "POWERTOOLS_X",
    "NODE_OPTIONS",
    "npm_config_x",
    "LD_PRELOAD",
    "PATH",
    "HOME",
    "TMPDIR",
    "_X",
    "É",
  ])("may not be %s", (name) => {
    expect(isFreeVariable(name)).toBe(false);
  });
});

describe("the file of a deployment", () => {
  async function folderWith(code?: string): Promise<string> {
    const folder = path.join(await temporaryFolder("deployment"), "etl");
    await mkdir(folder);
    if (code !== undefined) await writeFile(path.join(folder, "deployment.ts"), code);
    return folder;
  }

  it("need not be there", async () => {
    expect(await loadDeployment(await folderWith(), TARGET)).toEqual(NO_DEPLOYMENT);
  });

  it("exports the function by default", async () => {
    const folder = await folderWith("export default ({ environment }) => ({ variables: { STAGE: environment } });");
    expect((await loadDeployment(folder, TARGET)).variables).toEqual({ STAGE: "prod" });
  });

  it.each([
    ["export const deployment = {};", "deployment.ts exports no function by default; export the result of defineDeployment"],
    ["export default {};", "deployment.ts exports no function by default"],
    ["export default (", "deployment.ts cannot be loaded: "],
    ["export default () => ({ retired: 1 });", "deployment.ts: retired is 1; allowed: true, false"],
  ])("is refused by its path: %s", async (code, message) => {
    await expect(loadDeployment(await folderWith(code), TARGET)).rejects.toThrow(message);
  });
});
