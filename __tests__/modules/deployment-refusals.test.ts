import { mkdir, writeFile } from "node:fs/promises";
import type { DeploymentSettings } from "@autoscaling-job-queues/domain/deployment-settings";
import { findJobFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { describe, expect, it } from "vitest";
import { deployedJobTypes, loadDeployments } from "../../modules/deployments.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { buildEnvironment, buildJobType, synthesized } from "./synthesized.ts";

/** The message with which a deployment is refused. */
async function refusal(deployment: DeploymentSettings, environment = buildEnvironment()): Promise<string> {
  return await synthesized(environment, [buildJobType()], { report: deployment }).then(
    () => "",
    (error: Error) => error.message,
  );
}

describe("synth refuses, by file and path,", () => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:111122223333:${resource}`;
  it.each([
    ["the jobs table", "dynamodb:PutItem", arn("dynamodb", "table/jobs-test-jobs"), "its tables"],
    ["an index of it", "dynamodb:Query", arn("dynamodb", "table/jobs-test-jobs/index/*"), "its tables"],
    ["the registry", "dynamodb:PutItem", arn("dynamodb", "table/jobs-test-job-types"), "its tables"],
    ["every table", "dynamodb:PutItem", arn("dynamodb", "table/*"), "its tables"],
    ["every table of every region", "dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/jobs-*", "its tables"],
    ["the events topic", "sns:Publish", arn("sns", "jobs-test-job-events"), "its topics"],
    ["another type's queue", "sqs:SendMessage", arn("sqs", "jobs-test-other-jobs"), "its queues"],
    ["the bucket", "s3:ListBucket", "arn:aws:s3:::jobs-test-results-111122223333-us-east-1", "its bucket"],
    ["the bucket's objects", "s3:GetObject", "arn:aws:s3:::jobs-*/results/*", "its bucket"],
    ["a Lambda", "lambda:InvokeFunction", arn("lambda", "function:jobs-test-add-job"), "its Lambdas"],
    ["the cluster's services", "ecs:UpdateService", arn("ecs", "service/jobs-test/*"), "its cluster"],
    ["another type's images", "ecr:PutImage", arn("ecr", "repository/jobs-test/other"), "its images"],
    ["the key's alias", "kms:DescribeKey", arn("kms", "alias/jobs-test"), "its key"],
    ["the calls of every API", "execute-api:Invoke", arn("execute-api", "*"), "its API"],
    ["the calls of some API", "execute-api:Invoke", arn("execute-api", "a1b2*/*/GET/jobs"), "its API"],
    ["every security group", "ec2:AuthorizeSecurityGroupEgress", arn("ec2", "security-group/*"), "its network"],
    ["a subnet by a pattern", "ec2:DeleteSubnet", arn("ec2", "s*/subnet-0a?"), "its network"],
    ["keys by a pattern", "kms:Decrypt", arn("kms", "key/*"), "its key"],
  ])("%s", async (_, action, resource, own) => {
    expect(await refusal({ access: [{ actions: [action], resources: ["arn:aws:s3:::acme/*", resource] }] })).toBe(
      `jobs/report/deployment.ts: access.0.resources.1 is ${JSON.stringify(resource)}; allowed: any ARN but those of the platform, as of ${own}`,
    );
  });

  it.each<[string, DeploymentSettings, string]>([
    [
      "an action that AWS has not",
      { access: [{ actions: ["s3:GetObjects"], resources: ["arn:aws:s3:::acme/*"] }] },
      'access.0.actions.0 is "s3:GetObjects"; allowed: an action that AWS has',
    ],
    ...["dynamo:GetItem", "constructor:name", "s3:constructor"].map((action): [string, DeploymentSettings, string] => [
      `the action ${action}, of which AWS has none such`,
      { access: [{ actions: [action], resources: ["arn:aws:s3:::acme/*"] }] },
      `access.0.actions.0 is "${action}"; allowed: an action that AWS has`,
    ]),
    [
      "every resource for an action that has one",
      { access: [{ actions: ["s3:GetObject"], resources: ["*"], reason: "ReadAll" }] },
      'access.0.resources is ["*"]; allowed: ARNs, as s3:GetObject has a resource: ',
    ],
    [
      "one reason for two statements",
      {
        access: [
          { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*"], reason: "ReadOrders" },
          { actions: ["s3:PutObject"], resources: ["arn:aws:s3:::a/*"], reason: "ReadOrders" },
        ],
      },
      'access is "ReadOrders"; allowed: another reason for each statement',
    ],
    [
      "the reason of a statement of the worker's own",
      { access: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*"], reason: "ReadInputs" }] },
      'access is "ReadInputs"; allowed: another reason for each statement',
    ],
    [
      "a secret of another partition",
      { secrets: { API_KEY: "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:orders-AbCdEf" } },
      'secrets.API_KEY is "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:orders-AbCdEf"; allowed: an ARN that begins with arn:aws:',
    ],
    ["the type's own tag", { tags: { "job-type": "other" } }, 'tags.job-type is "other"; allowed: any tag but environment and'],
    [
      "more variables than a task takes",
      { variables: Object.fromEntries(many().map((name) => [name, "x".repeat(4_096)])) },
      "variables is",
    ],
    [
      "more tasks than it may have",
      { scaling: { minTasks: 11 } },
      "scaling.minTasks or of a warm window is 11; allowed: at most",
    ],
  ])("%s", async (_, deployment, message) => {
    expect(await refusal(deployment)).toContain(`jobs/report/deployment.ts: ${message}`);
  });

  it.each([
    ["scaling: { minTasks: 11 }", "scaling.minTasks or of a warm window"],
    ['access: [{ actions: ["s3:GetObjects"], resources: ["arn:aws:s3:::acme/*"] }]', "access.0.actions.0"],
    ["retired: 1", "retired"],
  ])("%s of a folder outside, whose file it names", async (setting, path) => {
    const folder = await temporaryFolder("jobs");
    await mkdir(`${folder}/report`);
    await writeFile(`${folder}/report/deployment.ts`, `export default () => ({ ${setting} });\n`);
    const deployed = async () => {
      const deployments = await loadDeployments(await findJobFolders([folder]), buildEnvironment());
      await deployedJobTypes(buildEnvironment(), [buildJobType()], deployments);
    };
    await expect(deployed()).rejects.toThrow(`${folder}/report/deployment.ts: ${path} is`);
  });

  it("more than a role's policies have room for", async () => {
    const resources = many().map((name) => `arn:aws:s3:::acme-orders/${name}/*`);
    expect(await refusal({ access: [{ actions: ["s3:GetObject"], resources }] })).toMatch(
      /deployment\.ts: access is "\d{4} characters of policy"; allowed: at most 6000 characters/,
    );
    const parameters = many().map((name) => [name, `arn:aws:ssm:us-east-1:111122223333:parameter/orders/${name}`]);
    expect(await refusal({ secrets: Object.fromEntries(parameters) })).toMatch(
      /deployment\.ts: secrets is "\d{5} characters of policy"; allowed: fewer secrets, for at most 8000 characters/,
    );
  });

  it("the bucket of states, in whatever spelling", async () => {
    const backend = { kind: "s3", bucket: "acme-states", region: "us-east-1", lockfile: true } as const;
    for (const resource of ["acme-states", "acme-states/autoscaling-job-queues/test/*", "acme-*/*"]) {
      const access = [{ actions: ["s3:GetObject"], resources: [`arn:aws:s3:::${resource}`] }];
      expect(await refusal({ access }, buildEnvironment({ backend }))).toContain(
        "those of the platform, as of its bucket of states",
      );
      expect(await refusal({ access })).toBe("");
    }
  });

  it("secrets that its tasks could not reach: without an endpoint of their service, or of another account or region", async () => {
    const own = { cidr: "10.20.0.0/16", zones: ["us-east-1a"] } as const;
    const network = { kind: "private-with-endpoints", ...own, services: ["ssm"] } as const;
    const nat = { kind: "private-with-nat", ...own } as const;
    const parameter = (place: string) => ({ secrets: { API_KEY: `arn:aws:ssm:${place}:parameter/orders/api-key` } });
    const here = parameter("us-east-1:111122223333");
    expect(await refusal(here)).toBe(
      'jobs/report/deployment.ts: secrets.API_KEY is "arn:aws:ssm:us-east-1:111122223333:parameter/orders/api-key"; allowed: secrets of services that tasks reach: name ssm in network.services of environment test',
    );
    expect(await refusal(here, buildEnvironment({ network }))).toBe("");
    for (const place of ["us-east-1:444455556666", "eu-west-1:111122223333"]) {
      expect(await refusal(parameter(place), buildEnvironment({ network }))).toContain(
        "allowed: a secret of account 111122223333 in us-east-1: the endpoints of environment test lead nowhere else",
      );
      expect(await refusal(parameter(place), buildEnvironment({ network: nat }))).toBe("");
    }
  });

  it("tasks that the account's quota does not allow", async () => {
    expect(await refusal({ scaling: { maxTasks: 500 } })).toContain(
      'job type "report": scaling.maxTasks is 500; allowed: at most',
    );
  });

  function many() {
    return Array.from({ length: 150 }, (_, index) => `NAME_OF_30_CHARACTERS_OR_SO_${index}`);
  }
});
