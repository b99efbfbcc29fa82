import type { DeploymentSettings } from "@autoscaling-job-queues/domain/deployment-settings";
import { beforeAll, describe, expect, it } from "vitest";
import { buildEnvironment, buildJobType, only, policies, ref, resources, synthesized, type Terraform } from "./synthesized.ts";

const SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/db-AbCdEf";
const PARAMETER = "arn:aws:ssm:us-east-1:111122223333:parameter/orders/api-key";

const DEPLOYMENT: DeploymentSettings = {
  access: [
    { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::acme-orders/*"] },
    { actions: ["s3:ListAllMyBuckets"], resources: ["*"], reason: "FindTheDaysBucket" },
    {
      actions: ["dynamodb:PutItem"],
      resources: ["arn:aws:dynamodb:us-east-1:111122223333:table/orders"],
      condition: { StringEquals: { "aws:ResourceTag/team": "orders" } },
      reason: "StoreTotals",
    },
  ],
  secrets: { DB_PASSWORD: `${SECRET}:password::`, DB_USER: `${SECRET}:user::`, API_KEY: PARAMETER },
  variables: { DB_HOST: "db.example.com", TEMPLATE: `$\{name} %{if}` },
  container: { ephemeralStorageGiB: 60 },
  network: {
    securityGroupIds: ["sg-0123456789abcdef0"],
    egress: [
      { port: 5432, to: "10.0.0.0/16", description: "the database of orders" },
      { port: 6379, to: "sg-0fedcba9876543210", description: "the cache" },
      { port: 8443, to: "pl-0123456789abcdef0", description: "the partners" },
      { port: 5432, to: "fd00::/8", description: "the database of orders, by IPv6" },
    ],
  },
  scaling: {
    maxTasks: 7,
    minTasks: 1,
    warm: [{ from: "cron(0 7 ? * MON-FRI *)", to: "cron(0 19 ? * MON-FRI *)", timezone: "Europe/Berlin", minTasks: 3 }],
  },
  tags: { "cost-center": "42", Application: "orders" },
};

const network = {
  kind: "private-with-endpoints",
  cidr: "10.20.0.0/16",
  zones: ["us-east-1a"],
  services: ["secretsmanager", "ssm"],
} as const;
const environment = buildEnvironment({
  network,
  roles: { permissionsBoundaryArn: "arn:aws:iam::111122223333:policy/bound" },
});

let stack: Terraform;
let platform: Terraform;
let plain: Terraform;

beforeAll(async () => {
  ({ jobType: stack, platform } = await synthesized(environment, [buildJobType()], { report: DEPLOYMENT }));
  ({ jobType: plain } = await synthesized(environment, [buildJobType()]));
});

const container = (terraform = stack) => JSON.parse(only(terraform, "aws_ecs_task_definition").container_definitions)[0];
const statements = (role: string) => policies(stack).find(({ address }) => address.includes(`${role}_policy`))?.statements ?? [];

describe("what a job type reaches", () => {
  it("is in its own stack, and changes nothing of the platform's", async () => {
    expect((await synthesized(environment, [buildJobType()])).platform).toEqual(platform);
  });

  it("is what its tasks may do, beside their own work, and bounded as they are", () => {
    const own = policies(plain).find(({ address }) => address.includes("task-role_policy"))?.statements ?? [];
    expect(statements("task-role").slice(0, own.length)).toEqual(own);
    expect(statements("task-role").slice(own.length)).toEqual([
      { Sid: "Access1", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::acme-orders/*"] },
      { Sid: "FindTheDaysBucket", Effect: "Allow", Action: ["s3:ListAllMyBuckets"], Resource: ["*"] },
      {
        Sid: "StoreTotals",
        Effect: "Allow",
        Action: ["dynamodb:PutItem"],
        Resource: ["arn:aws:dynamodb:us-east-1:111122223333:table/orders"],
        Condition: { StringEquals: { "aws:ResourceTag/team": "orders" } },
      },
    ]);
    for (const role of resources(stack, "aws_iam_role")) {
      expect(role.permissions_boundary).toBe("arn:aws:iam::111122223333:policy/bound");
    }
  });

  it("may hold under conditions with variables of IAM, which Terraform leaves alone", async () => {
    const statement = (team: string) => ({
      actions: ["s3:GetObject"],
      resources: ["arn:aws:s3:::acme-orders/*"],
      condition: { StringEquals: { "s3:ExistingObjectTag/team": team } },
    });
    const access = [statement(ref("aws:PrincipalTag/team"))];
    const { jobType } = await synthesized(environment, [buildJobType()], { report: { access } });
    const { policy } = jobType.resource.aws_iam_role_policy?.["task_task-role_policy"] ?? {};
    expect(JSON.parse(policy).Statement.at(-1).Condition).toEqual(statement(`$${ref("aws:PrincipalTag/team")}`).condition);
  });

  it("may be a key of its own, but not the platform's, which the plan finds out", async () => {
    const key = "arn:aws:kms:us-east-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef";
    const access = [{ actions: ["kms:Decrypt"], resources: [key] }];
    const { jobType } = await synthesized(buildEnvironment(), [buildJobType()], { report: { access } });
    expect(jobType.resource.aws_iam_role_policy?.["task_task-role_policy"]?.lifecycle?.precondition).toEqual([
      {
        condition: ref(`!contains([${JSON.stringify(key)}], data.terraform_remote_state.platform.outputs.key_arn)`),
        error_message: "deployment.ts of job type report: access names the platform's own key, which protects all job types",
      },
    ]);
  });

  it("has its secrets read by ECS, by whole ARNs, with the keys that these are encrypted with", () => {
    expect(container().secrets).toEqual([
      { name: "API_KEY", valueFrom: PARAMETER },
      { name: "DB_PASSWORD", valueFrom: `${SECRET}:password::` },
      { name: "DB_USER", valueFrom: `${SECRET}:user::` },
    ]);
    expect(container(plain)).not.toHaveProperty("secrets");
    const keys = { Action: ["kms:Decrypt"], Resource: ["arn:aws:kms:us-east-1:111122223333:key/*"] };
    expect(statements("execution-role")).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Action: ["secretsmanager:GetSecretValue"], Resource: [SECRET] }),
        expect.objectContaining({ Action: ["ssm:GetParameters"], Resource: [PARAMETER] }),
        expect.objectContaining({
          ...keys,
          Condition: {
            StringEquals: {
              "kms:ViaService": ["secretsmanager.us-east-1.amazonaws.com"],
              "kms:EncryptionContext:SecretARN": [SECRET],
            },
          },
        }),
        expect.objectContaining({
          ...keys,
          Condition: {
            StringEquals: {
              "kms:ViaService": ["ssm.us-east-1.amazonaws.com"],
              "kms:EncryptionContext:PARAMETER_ARN": [PARAMETER],
            },
          },
        }),
      ]),
    );
    expect(statements("task-role").flatMap(({ Resource = [] }) => Resource)).not.toContain(SECRET);
  });

  it("has its secrets decrypted for the service by either of its names in China", async () => {
    const china = buildEnvironment({ region: "cn-north-1", network: { ...network, zones: ["cn-north-1a"] } });
    const secrets = { API_KEY: "arn:aws-cn:ssm:cn-north-1:111122223333:parameter/orders/api-key" };
    const { jobType } = await synthesized(china, [buildJobType()], { report: { secrets } });
    const { statements } = policies(jobType).find(({ address }) => address.includes("execution-role_policy")) ?? {};
    expect(statements?.find(({ Sid }) => Sid === "ReadParametersKeys")?.Condition?.StringEquals?.["kms:ViaService"]).toEqual([
      "ssm.cn-north-1.amazonaws.com",
      "ssm.cn-north-1.amazonaws.com.cn",
    ]);
  });

  it("is told to the container, as it stands, with the names that commands get", () => {
    const variables = Object.fromEntries(container().environment.map(({ name, value }: Record<string, string>) => [name, value]));
    expect(variables).toMatchObject({
      DB_HOST: "db.example.com",
      TEMPLATE: "$${name} %%{if}",
      JOB_VARIABLES: "API_KEY,DB_HOST,DB_PASSWORD,DB_USER,TEMPLATE",
    });
    expect(container(plain).environment.map(({ name }: { name: string }) => name)).not.toContain("JOB_VARIABLES");
  });

  it("is its own disk", () => {
    expect(only(stack, "aws_ecs_task_definition").ephemeral_storage).toEqual({ size_in_gib: 60 });
    expect(only(plain, "aws_ecs_task_definition")).not.toHaveProperty("ephemeral_storage");
  });

  it("is where its tasks connect to, by security groups", () => {
    expect(only(stack, "aws_security_group")).toMatchObject({
      name: "jobs-test-report-egress",
      vpc_id: ref("data.terraform_remote_state.platform.outputs.vpc_id"),
      // As the service's: tasks that began with it may be at a job still when the last rule is gone.
      timeouts: only(stack, "aws_ecs_service").timeouts,
    });
    expect(only(stack, "aws_ecs_service").timeouts).toEqual({ delete: "21m" });
    expect(only(stack, "aws_ecs_service").network_configuration.security_groups).toEqual([
      ref("data.terraform_remote_state.platform.outputs.task_security_group_id"),
      "sg-0123456789abcdef0",
      ref("aws_security_group.network_egress.id"),
    ]);
    expect(stack.resource.aws_vpc_security_group_egress_rule).toMatchObject({
      "network_egress-5432-10-0-0-0-16": {
        from_port: 5432,
        to_port: 5432,
        ip_protocol: "tcp",
        cidr_ipv4: "10.0.0.0/16",
        description: "the database of orders",
      },
      "network_egress-6379-sg-0fedcba9876543210": { from_port: 6379, referenced_security_group_id: "sg-0fedcba9876543210" },
      "network_egress-8443-pl-0123456789abcdef0": { from_port: 8443, prefix_list_id: "pl-0123456789abcdef0" },
      "network_egress-5432-fd00-8": { from_port: 5432, cidr_ipv6: "fd00::/8" },
    });
    expect(resources(plain, "aws_security_group")).toEqual([]);
  });

  it("has reasons in which Terraform finds nothing to evaluate", async () => {
    const egress = [{ port: 5432, to: "10.0.0.0/16", description: ref("path.cwd") }];
    const { jobType } = await synthesized(environment, [buildJobType()], { report: { network: { egress } } });
    expect(only(jobType, "aws_vpc_security_group_egress_rule").description).toBe(`$${ref("path.cwd")}`);
  });

  it("is how many tasks it has: at most, at least, and in its hours", () => {
    expect(only(stack, "aws_appautoscaling_target")).toMatchObject({
      min_capacity: 1,
      max_capacity: 7,
      lifecycle: { ignore_changes: ["suspended_state", "min_capacity"] },
    });
    expect(resources(stack, "aws_appautoscaling_scheduled_action")).toMatchObject([
      {
        schedule: "cron(0 7 ? * MON-FRI *)",
        timezone: "Europe/Berlin",
        scalable_target_action: { min_capacity: "3" },
      },
      { schedule: "cron(0 19 ? * MON-FRI *)", timezone: "Europe/Berlin", scalable_target_action: { min_capacity: "1" } },
    ]);
    // That a type is paused is no plan's to change.
    expect(only(plain, "aws_appautoscaling_target").lifecycle).toEqual({ ignore_changes: ["suspended_state"] });
  });

  it("changes its target one after another, as Application Auto Scaling refuses what comes while a change is pending", () => {
    const types = ["aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action"];
    const changes = types.flatMap((type) =>
      Object.entries(stack.resource[type] ?? {}).map(([id, { depends_on }]) => [`${type}.${id}`, depends_on] as const),
    );
    const before = Object.fromEntries(changes.map(([address, depends_on]) => [depends_on.join(), address]));
    const order: string[] = [];
    for (let last = "aws_appautoscaling_target.scaling_target"; before[last] !== undefined; order.push(last))
      last = before[last] ?? "";
    expect(order).toHaveLength(4);
    expect(order.toSorted()).toEqual(changes.map(([address]) => address).sort());
  });

  it("is its tags, of which the environment's and the type's own stay", () => {
    const [provider] = stack.provider.aws;
    expect(provider?.default_tags).toEqual([
      {
        tags: {
          environment: "test",
          "job-type": "report",
          "cost-center": "42",
          Application: "orders",
          owner: "platform",
          repository: "autoscaling-job-queues",
        },
      },
    ]);
  });
});

describe("a retired job type", () => {
  it("may be destroyed, takes no jobs, and has no task of its own", async () => {
    const protection = { deletionProtection: true, preventDestroy: true };
    const { jobType } = await synthesized(buildEnvironment({ network, protection }), [buildJobType()], {
      report: { ...DEPLOYMENT, retired: true },
    });
    for (const type of ["aws_sqs_queue", "aws_ecr_repository"]) {
      for (const resource of resources(jobType, type)) expect(resource.lifecycle?.prevent_destroy).toBeUndefined();
    }
    expect(only(jobType, "aws_ecr_repository").force_delete).toBe(true);
    expect(JSON.parse(only(jobType, "aws_dynamodb_table_item").item).retired).toEqual({ BOOL: true });
    expect(only(jobType, "aws_appautoscaling_target").min_capacity).toBe(0);
    expect(resources(jobType, "aws_appautoscaling_scheduled_action")).toEqual([]);
    expect(JSON.parse(only(plain, "aws_dynamodb_table_item").item)).not.toHaveProperty("retired");
  });
});
