import { describe, expect, it } from "vitest";
import { defineEnvironment } from "../../environments/define-environment.ts";
import type { EnvironmentSettings } from "../../environments/environment.ts";
import { environmentNames, loadEnvironment } from "../../environments/load.ts";

const settings: EnvironmentSettings = {
  name: "test",
  accountId: "111122223333",
  region: "us-east-1",
  backend: { kind: "local", path: "states" },
  network: { kind: "public", cidr: "10.20.0.0/16", zones: ["us-east-1a"] },
};

const jwt = { kind: "jwt", issuer: "https://issuer.example", audience: ["jobs"] };
const keyIn = (region: string, account: string) => `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const certificateIn = (region: string) => `arn:aws:acm:${region}:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab`;

const s3 = { kind: "s3", bucket: "states", region: "us-east-1", lockfile: true };

const define = (wrong: object) => defineEnvironment({ ...settings, ...wrong } as EnvironmentSettings);
const network = (wrong: object) => ({ network: { ...settings.network, ...wrong } });

describe("the environments", () => {
  it.each(["dev", "prod", "emulated"])("%s is valid", async (name) => {
    expect((await loadEnvironment({ JOBS_ENVIRONMENT: name })).name).toBe(name);
  });

  it("are dev unless one is named", async () => {
    expect((await loadEnvironment({})).name).toBe("dev");
  });

  it.each(["staging", "schema", "../main"])("are listed when the one that is asked for does not exist: %s", async (name) => {
    await expect(loadEnvironment({ JOBS_ENVIRONMENT: name })).rejects.toThrow(
      `environment variable JOBS_ENVIRONMENT is "${name}"; allowed: dev, emulated, prod`,
    );
  });

  it("are the files of their folder: each that is listed can be loaded", async () => {
    const loaded = await Promise.all(environmentNames().map((name) => loadEnvironment({ JOBS_ENVIRONMENT: name })));
    expect(loaded.map(({ name }) => name)).toEqual(environmentNames());
  });

  it("protect production, and keep its logs for a year", async () => {
    expect(await loadEnvironment({ JOBS_ENVIRONMENT: "prod" })).toMatchObject({
      logRetentionDays: 365,
      protection: { deletionProtection: true, preventDestroy: true },
    });
  });

  it("have the safe canary, unless they say otherwise", async () => {
    const canaryOf = async (name: string) => (await loadEnvironment({ JOBS_ENVIRONMENT: name })).canary;
    expect(await canaryOf("prod")).toBe("safe");
    expect(define({}).canary).toBe("safe");
    expect(await Promise.all(["dev", "emulated"].map(canaryOf))).toEqual(["full", "full"]);
  });

  it("pin production to the provider's version that the bindings are made from, and leave others a range", async () => {
    const { default: bindings } = await import("@cdktf/provider-aws/package.json", { with: { type: "json" } });
    const [, minor] = /^(\d+\.\d+)\.\d+$/.exec(bindings.cdktf.provider.version) ?? [];
    expect((await loadEnvironment({ JOBS_ENVIRONMENT: "prod" })).terraform.providerVersion).toBe(`~> ${minor}.0`);
    expect((await loadEnvironment({})).terraform.providerVersion).toBe(">= 6.25.0, < 7.0.0");
  });

  it("find the emulator where MOTO_ENDPOINT says", async () => {
    const { terraform } = await loadEnvironment({ JOBS_ENVIRONMENT: "emulated", MOTO_ENDPOINT: "http://127.0.0.1:5999" });
    expect(terraform).toMatchObject({ emulator: "http://127.0.0.1:5999", providerVersion: "5.100.0" });
    await expect(loadEnvironment({ JOBS_ENVIRONMENT: "emulated", MOTO_ENDPOINT: "nowhere" })).rejects.toThrow(
      /MOTO_ENDPOINT is "nowhere"; allowed/,
    );
  });
});

describe("a wrong setting", () => {
  it.each<[string, object]>([
    ["name", { name: "Test Environment" }],
    ["encryptionKeyArn", { encryptionKeyArn: "alias/jobs" }],
    ["encryptionKeyArn", { encryptionKeyArn: "arn:aws:kms:us-east-1:111122223333:alias/jobs" }],
    ["encryptionKeyArn", { encryptionKeyArn: keyIn("us-east-2", "111122223333") }],
    ["encryptionKeyArn", { encryptionKeyArn: keyIn("us-east-1", "999988887777") }],
    ["api.domain.name", { api: { domain: { name: "https://jobs.example.com", certificateArn: certificateIn("us-east-1") } } }],
    ["api.domain.name", { api: { domain: { name: "Jobs.example.com", certificateArn: certificateIn("us-east-1") } } }],
    ["api.domain.certificateArn", { api: { domain: { name: "jobs.example.com" } } }],
    ["api.domain.certificateArn", { api: { domain: { name: "jobs.example.com", certificateArn: certificateIn("eu-west-1") } } }],
    ["api.corsOrigins", { api: { corsOrigins: ["*"] } }],
    ["api.corsOrigins", { api: { corsOrigins: ["https://app.example.com/"] } }],
    ["api.corsOrigins", { api: { corsOrigins: ["http://app.example.com"] } }],
    ["alarms.topicArns", { alarms: { topicArns: ["pager"] } }],
    ["alarms.topicArns", { alarms: { topicArns: ["arn:aws:sns:us-east-1:111122223333:pager.fifo"] } }],
    ["alarms.topicArns", { alarms: { topicArns: ["arn:aws:sns:eu-west-1:111122223333:pager"] } }],
    ["alarms.topicArns", { alarms: { topicArns: [1, 2, 3, 4, 5].map((n) => `arn:aws:sns:us-east-1:111122223333:pager${n}`) } }],
    ["events.subscriberAccounts", { events: { subscriberAccounts: ["999988887777:root"] } }],
    ["events.subscriberAccounts", { events: { subscriberAccounts: ["*"] } }],
    ["events.subscriberAccounts", { events: { subscriberAccounts: ["999988887777", "999988887777"] } }],
    ["events.subscriberAccounts", { events: { subscriberAccounts: ["111122223333"] } }],
    ["authorization.scopes", { authorization: { ...jwt, scopes: [] } }],
    ["authorization.scopes", { authorization: { ...jwt, scopes: ["read write"] } }],
    ["authorization.scopes", { authorization: { ...jwt, scopes: Array.from({ length: 11 }, (_, n) => `scope${n}`) } }],
    [
      "network.securityGroupId",
      {
        network: {
          kind: "existing",
          vpcId: "vpc-01234567",
          subnetIds: ["subnet-01234567", "subnet-89abcdef"],
          securityGroupId: "tasks",
        },
      },
    ],
    ["jobTypes", { jobTypes: "none" }],
    ["jobTypes", { jobTypes: ["canary", "canary"] }],
    ["jobTypes", { jobTypes: ["Canary"] }],
    ["backend", { backend: undefined }],
    ["network", { network: undefined }],
    ["network", { network: "public" }],
    ["authorization", { authorization: null }],
    ["accountId", { accountId: "12345" }],
    ["accountId", { accountId: 111122223333 }],
    ["region", { region: "Virginia" }],
    ["namePrefix", { namePrefix: "A_b" }],
    ["namePrefix", { namePrefix: "a-prefix-of-more-than-16" }],
    ["namePrefix", { namePrefix: "xn--jobs" }],
    ["namePrefix", { namePrefix: "sthree" }],
    ["namePrefix", { namePrefix: "sthree-jobs" }],
    ["namePrefix", { namePrefix: "amzn-s3-demo" }],
    ["namePrefix", { namePrefix: "amzn-s3-demo-job" }],
    ["namePrefix", { namePrefix: "sg" }],
    ["namePrefix", { namePrefix: "sg-jobs" }],
    ["region", { region: "us-east-9" }],
    ["tags.owner", { tags: { owner: "" } }],
    ["tags.aws:owner", { tags: { "aws:owner": "a" } }],
    ["tags.job-type", { tags: { "job-type": "a" } }],
    ["tags.Environment", { tags: { Environment: "a" } }],
    ["tags", { tags: { "cost-center": "a", "Cost-Center": "a" } }],
    ["tags", { tags: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`tag${index}`, "a"])) }],
    ["logRetentionDays", { logRetentionDays: 31 }],
    ["authorization.kind", { authorization: { kind: "none" } }],
    ["authorization.issuer", { authorization: { kind: "jwt", issuer: "http://issuer.example", audience: ["jobs"] } }],
    ["authorization.audience", { authorization: { kind: "jwt", issuer: "https://issuer.example", audience: [] } }],
    ["access", { access: "everybody" }],
    ["assumedRoleOwner", { assumedRoleOwner: "user" }],
    ["canary", { canary: "off" }],
    ["throttling.requestsPerSecond", { throttling: { requestsPerSecond: 0, burst: 10 } }],
    ["throttling.burst", { throttling: { requestsPerSecond: 10, burst: 5_001 } }],
    ["alarms.noWorkerMinutes", { alarms: { noWorkerMinutes: 4 } }],
    ["alarms.noWorkerMinutes", { alarms: { noWorkerMinutes: 1_441 } }],
    ["alarms.failedJobs.percent", { alarms: { failedJobs: { percent: 0 } } }],
    ["alarms.failedJobs.percent", { alarms: { failedJobs: { percent: 101 } } }],
    ["alarms.failedJobs.minimum", { alarms: { failedJobs: { minimum: 0 } } }],
    ["alarms.failedJobs.minutes", { alarms: { failedJobs: { minutes: 1_441 } } }],
    ["alarms.apiErrors.percent", { alarms: { apiErrors: { percent: 0.5 } } }],
    ["alarms.lambdaErrors", { alarms: { lambdaErrors: "3" } }],
    ["roles.path", { roles: { path: "jobs" } }],
    ["roles.path", { roles: { path: "/aws-service-role/jobs/" } }],
    ["roles.path", { roles: { path: `/${"p".repeat(511)}/` } }],
    ["roles.namePrefix", { roles: { namePrefix: "a prefix" } }],
    ["roles.permissionsBoundaryArn", { roles: { permissionsBoundaryArn: "boundary" } }],
    ["roles.permissionsBoundaryArn", { roles: { permissionsBoundaryArn: "arn:aws:iam::999988887777:policy/bound" } }],
    ["protection.preventDestroy", { protection: { preventDestroy: "yes", deletionProtection: true } }],
    ["lambda.runtime", { lambda: { runtime: "nodejs18.x" } }],
    ["lambda.memoryMiB", { lambda: { memoryMiB: 64 } }],
    ["lambda.reservedConcurrency.add-job", { lambda: { reservedConcurrency: { "add-job": 0 } } }],
    ["fargate.architecture", { fargate: { architecture: "arm64" } }],
    ["fargate.spotWeight", { fargate: { spotWeight: 1_001 } }],
    ["fargate.maxVcpus", { fargate: { maxVcpus: 0 } }],
    ["terraform.requiredVersion", { terraform: { requiredVersion: "latest" } }],
    ["terraform.providerVersion", { terraform: { providerVersion: "six" } }],
    ["backend.kind", { backend: { kind: "gcs" } }],
    ["backend.bucket", { backend: { kind: "s3", bucket: "My_Bucket", region: "us-east-1", lockfile: true } }],
    ["backend.kmsKeyId", { backend: { ...s3, kmsKeyId: "states" } }],
    ["backend.kmsKeyId", { backend: { ...s3, kmsKeyId: "arn:aws:s3:::states" } }],
    ["backend.lockfile", { backend: { kind: "s3", bucket: "states", region: "us-east-1" } }],
    [
      "backend.organization",
      { backend: { kind: "remote", hostname: "app.terraform.io", organization: "", workspacePrefix: "" } },
    ],
    [
      "backend.workspacePrefix",
      { backend: { kind: "remote", hostname: "app.terraform.io", organization: "acme", workspacePrefix: "" } },
    ],
    ["backend.path", { backend: { kind: "local", path: "" } }],
    ["network.kind", network({ kind: "isolated" })],
    ["network.cidr", network({ cidr: "10.20.0.0/24" })],
    ["network.cidr", network({ cidr: "10.20.1.0/16" })],
    ["network.cidr", network({ cidr: "010.20.0.0/16" })],
    ["network.cidr", network({ cidr: "fd00::/16" })],
    ["network.zones", network({ zones: ["eu-west-1a"] })],
    ["network.zones", network({ zones: ["us-east-1a", "us-east-1a"] })],
    ["network.vpcId", { network: { kind: "existing", vpcId: "main", subnetIds: [] } }],
    ["network.subnetIds", { network: { kind: "existing", vpcId: "vpc-01234567", subnetIds: [] } }],
    ["network.subnetIds", { network: { kind: "existing", vpcId: "vpc-01234567", subnetIds: ["subnet-01234567"] } }],
    ["network.zones", network({ zones: ["us-east-1i"] })],
  ])("is named, with what was given and what is allowed: %s of %j", (setting, wrong) => {
    const message = new RegExp(`^environment ".+": ${setting.replaceAll(".", "[.]")} is .+; allowed: .+`);
    expect(() => define(wrong)).toThrow(message);
  });
});

describe("a setting that does not exist", () => {
  it.each<[setting: string, wrong: object, only: string]>([
    ["throtling", { throtling: { requestsPerSecond: 5, burst: 5 } }, "name, accountId, "],
    ["netwrk", { network: undefined, netwrk: settings.network }, "name, accountId, "],
    ["throttling.rate", { throttling: { requestsPerSecond: 5, burst: 5, rate: 5 } }, "throttling.requestsPerSecond, "],
    ["backend.dynamodbTable", { backend: { ...s3, dynamodbTable: "locks" } }, "backend.kind, backend.bucket, "],
    ["backend.bucket", { backend: { ...settings.backend, bucket: "states" } }, "backend.kind, backend.path"],
    ["backend.token", { backend: { kind: "remote", token: "secret" } }, "backend.kind, backend.hostname, "],
    ["network.zone", network({ zone: "us-east-1b" }), "network.kind, network.cidr, network.zones"],
    ["network.cidr", { network: { kind: "existing", cidr: "10.20.0.0/16" } }, "network.kind, network.vpcId, network.subnetIds"],
    ["authorization.issuer", { authorization: { ...jwt, kind: "iam", audience: undefined } }, "authorization.kind"],
    ["authorization.audiences", { authorization: { ...jwt, audiences: [] } }, "authorization.kind, authorization.issuer, "],
    ["alarms.noWorker", { alarms: { noWorker: 15 } }, "alarms.noWorkerMinutes, alarms.failedJobs, "],
    [
      "alarms.failedJobs.share",
      { alarms: { failedJobs: { share: 5 } } },
      "alarms.failedJobs.percent, alarms.failedJobs.minimum, ",
    ],
    ["alarms.apiErrors.count", { alarms: { apiErrors: { count: 5 } } }, "alarms.apiErrors.percent, alarms.apiErrors.minimum, "],
    ["protection.preventDestory", { protection: { preventDestory: true } }, "protection.deletionProtection, "],
    ["roles.boundary", { roles: { boundary: "arn" } }, "roles.path, roles.namePrefix, roles.permissionsBoundaryArn"],
    ["lambda.memory", { lambda: { memory: 512 } }, "lambda.runtime, lambda.architecture, lambda.memoryMiB, "],
    [
      "lambda.reservedConcurrency.add-jobs",
      { lambda: { reservedConcurrency: { "add-jobs": 1 } } },
      "lambda.reservedConcurrency.add-job, ",
    ],
    ["fargate.maxVcpu", { fargate: { maxVcpu: 5 } }, "fargate.placement, "],
    ["terraform.version", { terraform: { version: "1.11" } }, "terraform.requiredVersion, terraform.providerVersion, "],
  ])("is named, with those that do: %s", (setting, wrong, only) => {
    const start = `environment "test": ${setting} is `;
    expect(() => define(wrong)).toThrow(new RegExp(`^${start}.+; allowed: only the settings ${only}`));
  });
});

describe("a provider", () => {
  it.each(["~> 6.18.0", ">= 6.0, < 7.0", "5.100.0"])(
    "that may not know the Lambdas' runtime is refused: %s",
    (providerVersion) => {
      const allowed = `lambda.runtime is "nodejs24.x"; allowed: nodejs22.x with provider ${providerVersion}, which does not know nodejs24.x`;
      expect(() => define({ terraform: { providerVersion } })).toThrow(allowed);
      expect(define({ terraform: { providerVersion }, lambda: { runtime: "nodejs22.x" } }).lambda.runtime).toBe("nodejs22.x");
    },
  );

  it.each(["~> 4.0", ">= 5.0, < 6.0", "< 6.0.0"])(
    "that may know none of the Lambdas' runtimes is refused: %s",
    (providerVersion) => {
      const message = `terraform.providerVersion is "${providerVersion}"; allowed: versions from 5.78 on`;
      for (const lambda of [{}, { runtime: "nodejs22.x" }]) {
        expect(() => define({ terraform: { providerVersion }, lambda })).toThrow(message);
      }
    },
  );
});

describe("tags", () => {
  it("may be any that an organization asks for, beside or in place of the defaults", () => {
    expect(define({ tags: { "cost-center": "42", owner: "payments" } }).tags).toEqual({
      application: "autoscaling-job-queues",
      owner: "payments",
      repository: "autoscaling-job-queues",
      "cost-center": "42",
    });
  });
});

describe("a prefix of names", () => {
  it.each(["sthreejobs", "sgx", "jobs-sg", "amzn-s3", "xn"])("may be %s, which only resembles a reserved one", (namePrefix) => {
    expect(define({ namePrefix }).namePrefix).toBe(namePrefix);
  });
});

describe("the key of states in S3", () => {
  it.each([
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "mrk-1234abcd12ab34cd56ef1234567890ab",
    keyIn("us-east-1", "111122223333"),
    "alias/states",
    "arn:aws:kms:us-east-1:111122223333:alias/teams/states",
  ])("may be named as Terraform takes it: %s", (kmsKeyId) => {
    expect(define({ backend: { ...s3, kmsKeyId } }).backend).toMatchObject({ kmsKeyId });
  });
});

describe("settings that contradict each other", () => {
  it.each<[string, object, RegExp]>([
    ["no weight at all", { fargate: { weight: 0, spotWeight: 0 } }, /fargate.weight and fargate.spotWeight is \[0,0\]/],
    ["Spot without capacity providers", { fargate: { placement: "launch-type", spotWeight: 1 } }, /fargate.spotWeight is 1/],
    ["a burst below the rate", { throttling: { requestsPerSecond: 100, burst: 50 } }, /at least throttling.requestsPerSecond/],
    [
      "a runtime that the provider does not know",
      { terraform: { providerVersion: "5.100.0" } },
      /nodejs22.x with provider 5.100.0/,
    ],
    ["half a protection", { protection: { preventDestroy: true } }, /protection.deletionProtection is false; allowed: true/],
  ])("are refused: %s", (_, wrong, message) => {
    expect(() => define(wrong)).toThrow(message);
  });
});
