import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ROUTES } from "../../domain/routes.ts";
import type { Environment } from "../../environments/environment.ts";
import prodEnvironment from "../../environments/prod.ts";
import { buildDeployment, buildEnvironment, only, ref, resources, type Statement, synthesized } from "./synthesized.ts";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab";
const TOPICS = ["arn:aws:sns:us-east-1:999988887777:pager", "arn:aws:sns:us-east-1:111122223333:chat"];

describe("a key of the organization's own", () => {
  it("encrypts everything in place of the platform's, of which none is made", async () => {
    const { platform, jobType } = await synthesized(buildEnvironment({ encryptionKeyArn: KEY }));
    expect([...resources(platform, "aws_kms_key"), ...resources(platform, "aws_kms_alias")]).toEqual([]);
    expect(platform.output?.key_arn?.value).toBe(KEY);
    expect(JSON.stringify([platform, jobType])).not.toContain("aws_kms_key.");
    const topics = resources(platform, "aws_sns_topic").map(({ kms_master_key_id }) => kms_master_key_id);
    expect(topics).toEqual([KEY, KEY]);
    const tables = resources(platform, "aws_dynamodb_table").map(
      ({ server_side_encryption }) => server_side_encryption.kms_key_arn,
    );
    expect(tables).toEqual([KEY, KEY]);
    expect(only(jobType, "aws_ecr_repository").encryption_configuration).toMatchObject([
      { kms_key: ref("data.terraform_remote_state.platform.outputs.key_arn") },
    ]);
  });

  it("needs of its policy what the guide says: what the platform's own key has, for those who use it", async () => {
    const guide = await readFile("docs/deploy.md", "utf8");
    const [account, ...services] = JSON.parse(/```json\n([^`]+)```/.exec(guide)?.[1] ?? "").Statement as Statement[];
    const { platform } = await synthesized(prodEnvironment());
    const [ownAccount, ...ownServices] = JSON.parse(only(platform, "aws_kms_key").policy).Statement as Statement[];
    expect(services).toEqual(ownServices);
    expect(account).toEqual({ ...ownAccount, Action: expect.any(Array) });
    expect(ownAccount?.Action).toEqual(expect.arrayContaining([...(account?.Action ?? [])]));
  });

  it("is out of the reach of job types, as the platform's is", async () => {
    const environment = buildEnvironment({ encryptionKeyArn: KEY });
    const access = [{ actions: ["kms:Decrypt"], resources: [KEY] }];
    await expect(synthesized(environment, undefined, { report: { access } })).rejects.toThrow(
      /access\.0\.resources\.0 is "arn:aws:kms:.+"; allowed: any ARN but those of the platform, as of its key/,
    );
    expect(buildDeployment({ access }).access).toHaveLength(1);
  });
});

describe("a security group of the organization's own", () => {
  it("is that of all tasks, and none is made", async () => {
    const { platform } = await synthesized(
      buildEnvironment({
        network: {
          kind: "existing",
          vpcId: "vpc-01234567",
          subnetIds: ["subnet-01234567", "subnet-89abcdef"],
          securityGroupId: "sg-01234567",
        },
      }),
    );
    expect(resources(platform, "aws_security_group")).toEqual([]);
    expect(resources(platform, "aws_vpc_security_group_egress_rule")).toEqual([]);
    expect(platform.output?.task_security_group_id?.value).toBe("sg-01234567");
  });
});

describe("a domain of the organization's own", () => {
  it("serves the API, and is its address", async () => {
    const { platform } = await synthesized(
      buildEnvironment({ api: { domain: { name: "jobs.example.com", certificateArn: CERTIFICATE } } }),
    );
    expect(only(platform, "aws_apigatewayv2_domain_name")).toMatchObject({
      domain_name: "jobs.example.com",
      domain_name_configuration: { certificate_arn: CERTIFICATE, endpoint_type: "REGIONAL", security_policy: "TLS_1_2" },
    });
    expect(only(platform, "aws_apigatewayv2_api_mapping")).toMatchObject({
      api_id: ref("aws_apigatewayv2_api.http-api_api.id"),
      domain_name: ref("aws_apigatewayv2_domain_name.http-api_domain.id"),
      stage: ref("aws_apigatewayv2_stage.http-api_stage.id"),
    });
    expect(platform.output?.api_endpoint?.value).toBe("https://jobs.example.com");
    expect(platform.output?.api_domain_target?.value).toBe(
      ref("aws_apigatewayv2_domain_name.http-api_domain.domain_name_configuration[0].target_domain_name"),
    );
  });

  it("is none unless the environment names one", async () => {
    const { platform } = await synthesized();
    expect(resources(platform, "aws_apigatewayv2_domain_name")).toEqual([]);
    expect(platform.output).not.toHaveProperty("api_domain_target");
  });
});

describe("origins of web pages", () => {
  const corsOrigins = ["https://app.example.com", "http://localhost:5173"];

  it("may call the API with what its calls need, and see what its answers say", async () => {
    const { platform } = await synthesized(buildEnvironment({ api: { corsOrigins } }));
    expect(only(platform, "aws_apigatewayv2_api").cors_configuration).toEqual({
      allow_origins: corsOrigins,
      allow_methods: ["GET", "POST"],
      allow_headers: [
        "authorization",
        "content-type",
        "idempotency-key",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-security-token",
      ],
      expose_headers: ["date", "idempotency-replayed", "location", "retry-after"],
      max_age: 3_600,
    });
  });

  it("leave preflights to API Gateway: no route has their method, and each route is authorized", async () => {
    const { platform } = await synthesized(buildEnvironment({ api: { corsOrigins } }));
    const routes = resources(platform, "aws_apigatewayv2_route");
    const keys: string[] = routes.map(({ route_key }) => route_key);
    expect(keys.filter((key) => /^(OPTIONS|ANY) |^\$default$/.test(key))).toEqual([]);
    expect(keys.filter((key) => key.endsWith(" /{proxy+}")).sort()).toEqual(
      ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"].map((method) => `${method} /{proxy+}`),
    );
    expect(new Set(routes.map(({ authorization_type }) => authorization_type))).toEqual(new Set(["AWS_IAM"]));
  });

  it("may follow links: download, also from where a download broke, and upload with what is signed", async () => {
    const { platform } = await synthesized(buildEnvironment({ api: { corsOrigins } }));
    expect(only(platform, "aws_s3_bucket_cors_configuration").cors_rule).toEqual([
      {
        allowed_methods: ["GET", "PUT"],
        allowed_origins: corsOrigins,
        allowed_headers: ["content-type", "if-none-match", "range"],
        max_age_seconds: 3_600,
      },
    ]);
  });

  it("are none unless the environment names some", async () => {
    const { platform } = await synthesized();
    expect(only(platform, "aws_apigatewayv2_api")).not.toHaveProperty("cors_configuration");
    expect(platform.resource.aws_s3_bucket_cors_configuration).toBeUndefined();
  });
});

describe("topics of the organization's own", () => {
  it("are told by every alarm that pages people, beside the platform's", async () => {
    const { platform, jobType } = await synthesized(buildEnvironment({ alarms: { topicArns: TOPICS } }));
    const paging = [platform, jobType].flatMap((stack) =>
      resources(stack, "aws_cloudwatch_metric_alarm").filter(({ ok_actions }) => ok_actions !== undefined),
    );
    expect(paging.length).toBeGreaterThan(8);
    for (const { alarm_actions, ok_actions } of paging) {
      expect(alarm_actions).toEqual([expect.stringContaining("alerts_topic"), ...TOPICS]);
      expect(ok_actions).toEqual(alarm_actions);
    }
  });
});

describe("accounts whose queues and functions may subscribe to the events", () => {
  /** What each topic's policy allows; `aws_sns_topic_policy` by address. */
  const allowedBy = (platform: Parameters<typeof resources>[0]) =>
    Object.values(platform.resource.aws_sns_topic_policy ?? {}).map(({ arn, policy }) => ({
      arn,
      allowed: (JSON.parse(policy).Statement as Statement[]).filter(({ Effect, Sid }) => Effect === "Allow" && Sid !== "Alarms"),
    }));

  it("may do that, and nothing else, on the events topic alone", async () => {
    const subscriberAccounts = ["999988887777", "222233334444"];
    const { platform } = await synthesized(buildEnvironment({ events: { subscriberAccounts } }));
    expect(allowedBy(platform).filter(({ allowed }) => allowed.length > 0)).toEqual([
      {
        arn: ref("aws_sns_topic.job_events_topic.arn"),
        allowed: [
          {
            Sid: "SubscribersOfOtherAccounts",
            Effect: "Allow",
            Principal: { AWS: subscriberAccounts.map((account) => `arn:aws:iam::${account}:root`) },
            Action: ["sns:Subscribe"],
            Resource: [ref("aws_sns_topic.job_events_topic.arn")],
            Condition: { StringEquals: { "sns:Protocol": ["sqs", "lambda"] } },
          },
        ],
      },
    ]);
  });

  it("are none unless the environment names some", async () => {
    const { platform } = await synthesized();
    expect(allowedBy(platform).map(({ allowed }) => allowed)).toEqual([[], []]);
  });
});

describe("bearer tokens", () => {
  it("are checked for what the environment says, in which Terraform finds nothing to evaluate", async () => {
    const [issuer, audience, scopes] = ["https://issuer.example/$", "jobs%", "write:$"].map((text) => `${text}{path.cwd}`);
    const { platform } = await synthesized(
      buildEnvironment({
        authorization: { kind: "jwt", issuer, audience: [audience], scopes: [scopes] } as Environment["authorization"],
      }),
    );
    expect(only(platform, "aws_apigatewayv2_authorizer").jwt_configuration).toEqual({
      issuer: "https://issuer.example/$${path.cwd}",
      audience: ["jobs%%{path.cwd}"],
    });
    expect(resources(platform, "aws_apigatewayv2_route")[0]?.authorization_scopes).toEqual(["write:$${path.cwd}"]);
  });
});

describe("scopes of bearer tokens", () => {
  it("are asked for on every route", async () => {
    const { platform } = await synthesized(
      buildEnvironment({
        authorization: { kind: "jwt", issuer: "https://issuer.example", audience: ["jobs"], scopes: ["jobs:write", "admin"] },
      }),
    );
    const routes = resources(platform, "aws_apigatewayv2_route");
    // The default route beside those of the calls.
    expect(routes).toHaveLength(Object.keys(ROUTES).length + 1);
    for (const route of routes) expect(route.authorization_scopes).toEqual(["jobs:write", "admin"]);
  });
});
