import { beforeAll, describe, expect, it } from "vitest";
import { PLATFORM_OUTPUTS } from "../../modules/platform-outputs.ts";
import { buildEnvironment, only, policies, ref, resources, synthesized, type Terraform } from "./synthesized.ts";

/** Rules of common scanners that the platform does not follow, by what a resource would have that follows them, with the reason. */
const WAIVERS: readonly (readonly [rule: string, resource: string, attribute: string, reason: string])[] = [
  [
    "CKV_AWS_116",
    "aws_lambda_function",
    "dead_letter_config",
    "the Lambdas behind the API are invoked synchronously, and the dead-letter Lambda by a queue: neither uses a dead-letter target",
  ],
  [
    "CKV_AWS_117",
    "aws_lambda_function",
    "vpc_config",
    "the Lambdas call public AWS endpoints only; a VPC would add cost and cold starts",
  ],
  [
    "CKV_AWS_272",
    "aws_lambda_function",
    "code_signing_config_arn",
    "packages are built and applied by the same pipeline; code signing is the organization's to add",
  ],
  [
    "CKV_AWS_18",
    "aws_s3_bucket_logging",
    "bucket",
    "objects are written and read by named roles only, and their calls are CloudTrail data events",
  ],
];

/** Resources that follow a rule nevertheless. */
const FOLLOWING: Readonly<Record<string, readonly string[]>> = { CKV_AWS_116: ["on-complete_function", "schedule_function"] };

const KEY = ref("aws_kms_key.encryption_key.arn");
let platform: Terraform;

beforeAll(async () => {
  const protection = { deletionProtection: true, preventDestroy: true };
  ({ platform } = await synthesized(
    buildEnvironment({ protection, logRetentionDays: 365, lambda: { reservedConcurrency: { "add-job": 7 } } }),
  ));
});

describe("the platform's stack", () => {
  it.each(WAIVERS)("waives no rule that it follows: %s", (rule, resource, attribute) => {
    const all = Object.entries(platform.resource[resource] ?? {});
    expect(all.filter(([, each]) => each[attribute] !== undefined).map(([id]) => id)).toEqual(FOLLOWING[rule] ?? []);
  });

  it("encrypts topics with its key and refuses to be reached without TLS", () => {
    const topics = resources(platform, "aws_sns_topic");
    expect(topics.map((topic) => topic.kms_master_key_id)).toEqual([KEY, KEY]);
    const guarded = policies(platform).filter(({ address }) => address.startsWith("aws_sns_topic_policy."));
    expect(
      guarded.every(({ statements }) => statements.some(({ Sid, Effect }) => Sid === "DenyWithoutTls" && Effect === "Deny")),
    ).toBe(true);
    expect(guarded).toHaveLength(2);
  });

  it("protects tables: recovery, key, on demand, deletion protection, TTL of jobs", () => {
    const tables = resources(platform, "aws_dynamodb_table");
    expect(tables).toHaveLength(2);
    for (const table of tables) {
      expect(table).toMatchObject({
        billing_mode: "PAY_PER_REQUEST",
        deletion_protection_enabled: true,
        point_in_time_recovery: { enabled: true },
        server_side_encryption: { enabled: true, kms_key_arn: KEY },
      });
    }
    const jobs = platform.resource.aws_dynamodb_table?.jobs_table;
    expect(jobs?.ttl).toEqual({ attribute_name: "expiresAt", enabled: true });
    const common = { range_key: "createdAtId", projection_type: "INCLUDE", non_key_attributes: ["tags"] };
    expect(jobs?.global_secondary_index).toEqual([
      { name: "by-type-and-status", hash_key: "typeStatus", ...common },
      { name: "by-owner", hash_key: "owner", ...common },
    ]);
  });

  it("traces Lambdas, encrypts their variables, and holds no secret in them", () => {
    const lambdas = resources(platform, "aws_lambda_function");
    expect(lambdas).toHaveLength(9);
    for (const lambda of lambdas) {
      expect(lambda).toMatchObject({
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        kms_key_arn: KEY,
        tracing_config: { mode: "Active" },
      });
      expect(Object.keys(lambda.environment.variables).filter((name) => /secret|password|token|key/i.test(name))).toEqual([]);
    }
    const [reserved, ...others] = lambdas.map((lambda) => lambda.reserved_concurrent_executions);
    expect([reserved, new Set(others)]).toEqual([7, new Set([undefined])]);
  });

  it("tells the Lambdas whose jobs a caller sees, and who a caller is", async () => {
    const variablesOf = ({ platform: { resource } }: { platform: Terraform }) =>
      resource.aws_lambda_function?.["query-job_function"]?.environment.variables;
    expect(variablesOf({ platform })).toMatchObject({ JOBS_ACCESS: "account", JOBS_ASSUMED_ROLE_OWNER: "role" });
    const strict = await synthesized(buildEnvironment({ access: "owner", assumedRoleOwner: "session" }));
    expect(variablesOf(strict)).toMatchObject({ JOBS_ACCESS: "owner", JOBS_ASSUMED_ROLE_OWNER: "session" });
  });

  it("lets only its own API invoke a Lambda, and its own topic that which follows batches", () => {
    const permissions = resources(platform, "aws_lambda_permission");
    const behindTheApi = ["add-job", "cancel-job", "control", "create-upload", "query-job", "why"];
    expect(Object.keys(platform.resource.aws_lambda_permission ?? {}).sort()).toEqual([
      ...behindTheApi.map((lambda) => `http-api_${lambda}-permission`),
      "on-complete-permission",
    ]);
    const others = permissions.filter(({ source_arn }) => !source_arn.startsWith("${aws_apigatewayv2_api."));
    expect(others.map(({ source_arn }) => source_arn)).toEqual([ref("aws_sns_topic.job_events_topic.arn")]);
  });

  it("authorizes every route, throttles, and logs access", () => {
    const routes = resources(platform, "aws_apigatewayv2_route");
    expect(routes.map(({ route_key }) => route_key).sort()).toEqual([
      "$default",
      "GET /batches/{id}",
      "GET /batches/{id}/jobs",
      "GET /job-types",
      "GET /job-types/{name}/status",
      "GET /jobs",
      "GET /jobs/{id}",
      "GET /jobs/{id}/why",
      "GET /openapi.json",
      "POST /batches",
      "POST /batches/{id}/cancel",
      "POST /job-types/{name}/pause",
      "POST /job-types/{name}/resume",
      "POST /jobs",
      "POST /jobs/{id}/cancel",
      "POST /jobs/{id}/retry",
      "POST /uploads",
    ]);
    expect(new Set(routes.map(({ authorization_type }) => authorization_type))).toEqual(new Set(["AWS_IAM"]));
    const stage = only(platform, "aws_apigatewayv2_stage");
    expect(stage.default_route_settings).toMatchObject({ throttling_rate_limit: 100, throttling_burst_limit: 200 });
    expect(stage.access_log_settings.destination_arn).toContain("aws_cloudwatch_log_group");
  });

  it("has a Lambda answer what is no route, as API Gateway's own 404 is no problem+json", () => {
    expect(platform.resource.aws_apigatewayv2_route?.["http-api_default"]).toMatchObject({
      route_key: "$default",
      target: `integrations/${ref("aws_apigatewayv2_integration.http-api_query-job-integration.id")}`,
      authorization_type: "AWS_IAM",
    });
  });

  it("calls on-complete for batches alone, and keeps what it failed for", () => {
    const { "on-complete_function": lambda } = platform.resource.aws_lambda_function ?? {};
    expect(only(platform, "aws_sns_topic_subscription")).toMatchObject({
      topic_arn: ref("aws_sns_topic.job_events_topic.arn"),
      protocol: "lambda",
      endpoint: ref("aws_lambda_function.on-complete_function.arn"),
      filter_policy: '{"kind":["batch"]}',
    });
    expect(platform.resource.aws_lambda_permission?.["on-complete-permission"]).toMatchObject({
      principal: "sns.amazonaws.com",
      source_arn: ref("aws_sns_topic.job_events_topic.arn"),
    });
    expect(lambda?.dead_letter_config).toEqual({ target_arn: ref("aws_sqs_queue.batch_events_failed.arn") });
    expect(platform.resource.aws_sqs_queue?.batch_events_failed).toMatchObject({
      name: "jobs-test-batch-events-failed",
      kms_master_key_id: KEY,
      message_retention_seconds: 14 * 86_400,
    });
  });

  it("keeps logs for the time that the environment sets, encrypted", () => {
    const groups = resources(platform, "aws_cloudwatch_log_group");
    expect(groups).toHaveLength(12);
    for (const group of groups) expect(group).toMatchObject({ retention_in_days: 365, kms_key_id: KEY });
  });

  it("logs access to a group whose name spares the account's one resource policy for log delivery", () => {
    expect(platform.resource.aws_cloudwatch_log_group?.["http-api_access-logs"]?.name).toBe(
      "/aws/vendedlogs/jobs-test/api-access",
    );
  });

  it("finds the queues of all job types for its dashboard by their prefix, and the cluster by its whole name", () => {
    const { widgets } = JSON.parse(only(platform, "aws_cloudwatch_dashboard").dashboard_body);
    const searches: string[] = JSON.stringify(widgets).match(/SEARCH\([^)]*\)/g) ?? [];
    // A term in quotes matches a whole value, one without matches a part of it: queues have longer names than their prefix.
    const scopes = searches.map((search) => /(?:QueueName|ClusterName)=\S+?(?=')/.exec(search.replaceAll("\\", ""))?.[0]);
    expect(scopes.filter((scope) => scope !== undefined)).toEqual([
      ...Array.from({ length: 3 }, () => "QueueName=jobs-test"),
      'ClusterName="jobs-test"',
    ]);
    expect(searches.filter((search) => !search.includes("jobs-test"))).toEqual([]);
  });

  it("shows of the workers what failed, what was tried again, and how long jobs ran and waited", () => {
    const { widgets } = JSON.parse(only(platform, "aws_cloudwatch_dashboard").dashboard_body);
    const expressions: string[] = widgets.flatMap(({ properties }: { properties: { metrics: unknown[][] } }) =>
      properties.metrics.flatMap(([found]) => (found as { expression?: string }).expression ?? []),
    );
    const ofWorkers = expressions.flatMap((expression) => {
      const [, metric, stat] =
        /^SEARCH\('\{"AutoscalingJobQueues\/jobs-test",jobType,service\} MetricName="(\w+)"', '(\w+)', 60\)$/.exec(expression) ??
        [];
      return metric === undefined ? [] : [`${metric} ${stat}`];
    });
    expect(ofWorkers).toEqual([
      ...["JobsSucceeded Sum", "JobsFailed Sum", "JobsCancelled Sum"],
      ...["AttemptsRetried Sum", "AttemptsHandedBack Sum", "LeasesLost Sum"],
      ...["RunTime p50", "RunTime p95", "QueueWait p50", "QueueWait p95"],
    ]);
  });

  it("rotates its key and gives it an explicit policy", () => {
    expect(only(platform, "aws_kms_key")).toMatchObject({
      enable_key_rotation: true,
      policy: expect.stringContaining("kms:Decrypt"),
    });
  });

  it("keeps the bucket private, encrypted, versioned, without ACLs, over TLS only, and emptied", () => {
    expect(only(platform, "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    const [encryption] = only(platform, "aws_s3_bucket_server_side_encryption_configuration").rule;
    expect(encryption.blocked_encryption_types).toEqual(["SSE-C"]);
    expect(encryption.apply_server_side_encryption_by_default).toEqual({ kms_master_key_id: KEY, sse_algorithm: "aws:kms" });
    expect(only(platform, "aws_s3_bucket_versioning").versioning_configuration.status).toBe("Enabled");
    expect(only(platform, "aws_s3_bucket_ownership_controls").rule.object_ownership).toBe("BucketOwnerEnforced");
    expect(only(platform, "aws_s3_bucket_policy").policy).toContain("aws:SecureTransport");
    const rules: { abort_incomplete_multipart_upload: unknown }[] = only(platform, "aws_s3_bucket_lifecycle_configuration").rule;
    for (const rule of rules) expect(rule.abort_incomplete_multipart_upload).toEqual([{ days_after_initiation: 1 }]);
  });

  it("has uploads written once: what has no If-None-Match is refused, whoever asks", () => {
    const [{ statements } = { statements: [] }] = policies(platform).filter(({ address }) =>
      address.startsWith("aws_s3_bucket_policy."),
    );
    expect(statements.find(({ Sid }) => Sid === "UploadsAreWrittenOnce")).toEqual({
      Sid: "UploadsAreWrittenOnce",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:PutObject"],
      Resource: [`${ref("aws_s3_bucket.results_bucket.arn")}/uploads/*`],
      Condition: { Null: { "s3:if-none-match": "true" } },
    });
  });

  it("turns container insights on", () => {
    expect(only(platform, "aws_ecs_cluster")).toMatchObject({
      setting: [{ name: "containerInsights", value: "enabled" }],
      // The group that ECS would make by itself, without the key and for ever.
      depends_on: ["aws_cloudwatch_log_group.ecs_container-insights"],
    });
    expect(platform.resource.aws_cloudwatch_log_group?.["ecs_container-insights"]).toMatchObject({
      name: "/aws/ecs/containerinsights/jobs-test/performance",
      kms_key_id: expect.stringContaining("encryption_key"),
    });
  });

  it("forbids to destroy what holds work, and pins its addresses", () => {
    const pinned = [
      ["aws_dynamodb_table", "jobs_table"],
      ["aws_dynamodb_table", "job_types_table"],
      ["aws_kms_key", "encryption_key"],
      ["aws_s3_bucket", "results_bucket"],
      ["aws_sns_topic", "job_events_topic"],
    ] as const;
    for (const [type, id] of pinned) expect(platform.resource[type]?.[id]?.lifecycle).toEqual({ prevent_destroy: true });
  });

  it("describes every output, and outputs what is documented", () => {
    const outputs = platform.output ?? {};
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(PLATFORM_OUTPUTS).sort());
    expect(Object.values(outputs).filter(({ description = "" }) => description.length < 10)).toEqual([]);
  });

  it("asks for a range of the provider by its full source", () => {
    expect(platform.terraform.required_providers).toEqual({ aws: { source: "hashicorp/aws", version: ">= 6.25.0, < 7.0.0" } });
    expect(platform.terraform.required_version).toBe(">= 1.11.0");
  });

  it("tags everything through the provider", () => {
    expect(platform.provider.aws[0]?.default_tags).toEqual([
      {
        tags: {
          environment: "test",
          application: "autoscaling-job-queues",
          owner: "platform",
          repository: "autoscaling-job-queues",
        },
      },
    ]);
  });
});
