import type { JobTypeSettings } from "@autoscaling-job-queues/domain/job-type";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { findJobFolders } from "../../domain/find-job-folders.ts";
import devEnvironment from "../../environments/dev.ts";
import emulatedEnvironment from "../../environments/emulated.ts";
import type { Network } from "../../environments/environment.ts";
import prodEnvironment from "../../environments/prod.ts";
import { MAX_ACCESS_POLICY, MAX_ROLE_POLICY, MAX_SECRETS_POLICY } from "../../modules/deployments.ts";
import { checkJobTypes } from "../../modules/job-type-limits.ts";
import { loadJobTypes } from "../../modules/load-job-types.ts";
import { writeLogs } from "../../modules/log-group.ts";
import { arnOf, jobTypeNames, platformNames } from "../../modules/names.ts";
import { policyDocument } from "../../modules/policy-document.ts";
import { executionStatements, workerStatements } from "../../modules/worker-policies.ts";
import { buildEnvironment, buildJobType } from "./synthesized.ts";

const environment = buildEnvironment({ fargate: { maxVcpus: 100_000 } });
const DAY = 86_400;

describe("the job types of this repository", () => {
  it.each([devEnvironment(), prodEnvironment(), emulatedEnvironment({})])("fit the environment $name", async (each) => {
    const jobTypes = await loadJobTypes(await findJobFolders(["jobs"]), each);
    expect(jobTypes.length).toBeGreaterThan(3);
    expect(() => checkJobTypes(each, jobTypes)).not.toThrow();
  });
});

describe("a job type", () => {
  it.each([
    ["its tasks as many as SQS has messages in flight", { concurrency: 100, scaling: { maxTasks: 1_200 } }],
    ["its attempts as long as a job lives", { timeoutSeconds: DAY, maxAttempts: 13 }],
    ["one attempt of a week", { timeoutSeconds: 7 * DAY, maxAttempts: 1 }],
  ])("may have %s", (_, settings) => {
    expect(() => checkJobTypes(environment, [buildJobType(settings)])).not.toThrow();
  });

  it.each<[string, Partial<JobTypeSettings>, string | RegExp]>([
    [
      "more vCPUs than the account has",
      { container: { cpu: 2_048, memoryMiB: 4_096 }, scaling: { maxTasks: 5_000 } },
      'job type "report": scaling.maxTasks is 5000; allowed: at most 2000 tasks of 2 vCPU, as fargate.maxVcpus of test is 4000',
    ],
    [
      "more jobs at once than SQS has messages in flight",
      { concurrency: 100, scaling: { maxTasks: 1_201 } },
      'job type "report": scaling.maxTasks is 1201; allowed: at most 1200 with a concurrency of 100, as a queue has at most 120000',
    ],
    [
      "attempts that outlast the job",
      { timeoutSeconds: DAY, maxAttempts: 14 },
      'job type "report": maxAttempts is 14; allowed: at most 13 with timeoutSeconds 86400, as a job that has not ended after 13 days',
    ],
    [
      "an input that JSON Schema has no words for",
      { input: z.object({ on: z.date() }) },
      'job type "report": input is "Date cannot be represented in JSON Schema"; allowed:',
    ],
    [
      "a schema larger than an item",
      { input: z.object({ kind: z.enum(Array.from({ length: 40_000 }, (__, index) => `kind-${index}`)) }) },
      /job type "report": input is "\d{6} bytes as JSON"; allowed: a schema of at most 390000 bytes as JSON/,
    ],
  ])("is refused by the setting's name with %s", (_, settings, message) => {
    const limited = buildEnvironment({ fargate: { maxVcpus: 4_000 } });
    expect(() => checkJobTypes(limited, [buildJobType(settings)])).toThrow(message);
  });
});

describe("all job types together", () => {
  const four = ["a", "b", "c", "d"].map((name, index) => buildJobType({ name, scaling: { maxTasks: 100 + index } }));
  const own = (kind: "public" | "private-with-nat", cidr: string, zones: readonly string[]): Network => ({ kind, cidr, zones });

  it("may ask for no more vCPUs than the account has", () => {
    expect(() => checkJobTypes(buildEnvironment({ fargate: { maxVcpus: 102 } }), four)).not.toThrow();
    expect(() => checkJobTypes(buildEnvironment({ fargate: { maxVcpus: 101 } }), four)).toThrow(
      'environment "test": fargate.maxVcpus is 101; allowed: at least 101.5, the vCPUs of all job types at their ' +
        "scaling.maxTasks (d 25.75, c 25.5, b 25.25, ...)",
    );
  });

  it("may ask for no more tasks than the subnets have addresses", () => {
    const withNetwork = (network: Network) => buildEnvironment({ network, fargate: { maxVcpus: 1_000 } });
    const zones = ["us-east-1a", "us-east-1b"];
    expect(() => checkJobTypes(withNetwork(own("public", "10.0.0.0/20", zones)), four)).not.toThrow();
    expect(() => checkJobTypes(withNetwork(own("private-with-nat", "10.0.0.0/20", zones.slice(1))), four)).toThrow(
      'environment "test": network.cidr is "10.0.0.0/20"; allowed: a larger network or more zones, with addresses for 406 tasks, ' +
        "the scaling.maxTasks of all job types (d 103, c 102, b 101, ...); its subnets have 240",
    );
  });

  it("are not held to addresses in a network that someone else made", () => {
    const network: Network = { kind: "existing", vpcId: "vpc-01234567", subnetIds: ["subnet-01234567", "subnet-01234568"] };
    expect(() => checkJobTypes(buildEnvironment({ network, fargate: { maxVcpus: 102 } }), four)).not.toThrow();
  });
});

describe("the longest names that settings allow", () => {
  const longest = buildEnvironment({
    name: "sixteen-letters0",
    namePrefix: "sixteen-letters0",
    region: "ap-northeast-1",
    network: { kind: "existing", vpcId: "vpc-01234567", subnetIds: ["subnet-01234567", "subnet-01234568"] },
  });
  const names = { ...platformNames(longest), ...jobTypeNames(longest, "a".repeat(32)) };

  it.each([
    ["SQS queues", 80, [names.queue, names.deadLetters]],
    ["S3 buckets", 63, [names.resultsBucket]],
    ["Lambda functions", 64, [names.lambda("cancel-job"), names.lambda("dead-letter")]],
    ["DynamoDB tables", 255, [names.jobsTable, names.jobTypesTable]],
    ["SNS topics", 256, [names.eventsTopic, names.alertsTopic]],
    ["ECR repositories", 256, [names.repository]],
    ["ECS clusters, services and task families", 255, [names.cluster, names.service, names.taskFamily]],
    ["HTTP APIs", 128, [names.api]],
    ["log groups", 512, [names.logs, names.accessLogs, names.flowLogs, names.lambdaLogs("dead-letter")]],
    ["alarms", 255, [jobTypeNames(longest, "a".repeat(32)).alarm("dead-letters-left"), names.alarm("dead-letter-errors")]],
    ["namespaces of metrics", 255, [names.metrics]],
  ])("are short enough for %s, which have %i characters", (_, most, given) => {
    for (const name of given) expect(name.length, name).toBeLessThanOrEqual(most);
  });

  it("leave room in a role's policies for what a job type adds", () => {
    const jobType = "a".repeat(32);
    const { jobsTable, jobTypesTable, eventsTopic, resultsBucket, cluster } = platformNames(longest);
    const at = (service: string, resource: string) => arnOf(longest, service, resource);
    const platform = {
      jobsTableArn: at("dynamodb", `table/${jobsTable}`),
      jobTypesTableArn: at("dynamodb", `table/${jobTypesTable}`),
      eventsTopicArn: at("sns", eventsTopic),
      resultsBucketArn: `arn:aws-us-gov:s3:::${resultsBucket}`,
      keyArn: at("kms", `key/mrk-${"0".repeat(32)}`),
      clusterArn: at("ecs", `cluster/${cluster}`),
      clusterName: cluster,
    };
    const worker = workerStatements(longest, { jobType, queueArn: at("sqs", names.queue) }, platform);
    expect(policyDocument(worker).length + MAX_ACCESS_POLICY).toBeLessThanOrEqual(MAX_ROLE_POLICY);
    const starting = executionStatements(at("ecr", `repository/${names.repository}`), writeLogs(longest, names.logs), {});
    expect(policyDocument(starting).length + MAX_SECRETS_POLICY).toBeLessThanOrEqual(MAX_ROLE_POLICY);
  });
});
