import { alarmName, PAUSABLE_ALARMS } from "@autoscaling-job-queues/domain/alarm-names";
import { DEAD_LETTERS_CLOSED } from "@autoscaling-job-queues/domain/dead-letter-metric";
import { environmentVariables, type LambdaVariables } from "@autoscaling-job-queues/domain/environment";
import { queueNames } from "@autoscaling-job-queues/domain/queue-names";
import { LAMBDAS, type LambdaName, TRACING_LAMBDAS } from "@autoscaling-job-queues/domain/routes";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { AwsStack } from "./aws-stack.ts";
import { followBatches } from "./batch-events.ts";
import { Cluster } from "./cluster.ts";
import { createDashboard } from "./dashboard.ts";
import { pollDeadLetters } from "./dead-letter-polling.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { FailedEvents } from "./failed-events.ts";
import { HttpApi } from "./http-api.ts";
import { Lambda } from "./lambda.ts";
import type { LambdaPackage } from "./lambda-package.ts";
import { lambdaStatements, type PlatformArns } from "./lambda-policies.ts";
import { arnOf, partitionOf, platformNames } from "./names.ts";
import { TaskNetwork } from "./network.ts";
import { PlatformAlerts } from "./platform-alerts.ts";
import { DOMAIN_OUTPUT, PLATFORM_OUTPUTS, PLATFORM_STACK, type PlatformOutput } from "./platform-outputs.ts";
import type { PolicyStatement } from "./policy-document.ts";
import { ResultsBucket } from "./results-bucket.ts";
import { Schedules } from "./schedules.ts";
import { Tables } from "./tables.ts";
import { Topic } from "./topic.ts";
import { lambdaTraceVariables, traceSecrets } from "./trace-variables.ts";
import { secretStatements } from "./worker-policies.ts";

const DESCRIPTIONS: Readonly<Record<LambdaName, string>> = {
  "add-job": "Creates jobs and enqueues them",
  "create-upload": "Signs links that callers upload files to",
  "query-job": "Reads jobs, lists them, and describes the API",
  "cancel-job": "Cancels jobs",
  control: "Pauses job types, and resumes them",
  why: "Tells why a job is where it is, and how the jobs of a type fare",
  "on-complete": "Adds the jobs that follow batches",
  "dead-letter": "Closes the jobs of dead-lettered messages",
  schedule: "Sends the messages of jobs that are due, and adds the jobs of schedules",
};

export interface PlatformSettings {
  readonly environment: Environment;
  readonly packages: Readonly<Record<LambdaName, Pick<LambdaPackage, "fileName" | "hash">>>;
}

/** Everything that all job types share. It knows no job type: a new one changes nothing here. */
export class PlatformStack extends AwsStack {
  constructor(scope: Construct, { environment, packages }: PlatformSettings) {
    super(scope, PLATFORM_STACK, environment);
    const names = platformNames(environment);
    const key = new EncryptionKey(this, "encryption", environment);
    const tables = new Tables(this, "tables", environment, key.arn);
    const bucket = new ResultsBucket(this, "results", environment, key.arn);
    const events = new Topic(this, "job-events", environment, {
      name: names.eventsTopic,
      displayName: "Changes of jobs",
      keyArn: key.arn,
      logicalId: "job_events_topic",
      statements: (arn) => otherSubscribers(environment, arn),
    });
    const alerts = createAlertsTopic(this, environment, key.arn);
    const cluster = new Cluster(this, "ecs", environment, key.arn);
    const network = new TaskNetwork(this, "network", environment, key.arn);
    const schedules = new Schedules(this, "schedules", environment, key.arn);
    const failedEvents = new FailedEvents(this, "batch-events", environment, {
      name: names.batchEventsFailed,
      logicalId: "batch_events_failed",
      keyArn: key.arn,
    });
    const arns: PlatformArns = {
      jobsTable: tables.jobs.arn,
      jobTypesTable: tables.jobTypes.arn,
      eventsTopic: events.arn,
      resultsBucket: bucket.arn,
      key: key.arn,
      services: arnOf(environment, "ecs", `service/${names.cluster}/*`),
      tasks: arnOf(environment, "ecs", `task/${names.cluster}/*`),
      cluster: cluster.arn,
      scalableTargets: arnOf(environment, "application-autoscaling", "scalable-target/*"),
      pausableAlarms: PAUSABLE_ALARMS.map((alarm) =>
        arnOf(environment, "cloudwatch", `alarm:${alarmName(environment.namePrefix, "*", alarm)}`),
      ),
      jobQueues: arnOf(environment, "sqs", queueNames(environment.namePrefix, "*").jobs),
      ...schedules.arns,
      batchEventsFailed: failedEvents.arn,
    };
    const variables = environmentVariables({
      jobsTableName: tables.jobs.name,
      jobTypesTableName: tables.jobTypes.name,
      eventsTopicArn: events.arn,
      resultsBucket: bucket.name,
      access: environment.access,
      assumedRoleOwner: environment.assumedRoleOwner,
      metricsNamespace: names.metrics,
    } satisfies LambdaVariables);
    const failedEventsArns: Partial<Record<LambdaName, string>> = {
      "on-complete": failedEvents.arn,
      schedule: schedules.arns.scheduleDeadLetters,
    };
    const createLambda = (name: LambdaName) =>
      new Lambda(this, name, environment, {
        name,
        description: DESCRIPTIONS[name],
        code: packages[name],
        keyArn: key.arn,
        statements: [
          ...lambdaStatements(name, arns, environment),
          ...(name === "dead-letter" ? [pollDeadLetters(environment)] : []),
          ...(makesSpans(name) ? secretStatements(Object.values(traceSecrets(environment))) : []),
        ],
        failedEventsArn: failedEventsArns[name],
        variables: {
          ...variables,
          ...schedules.variables(name),
          ...(makesSpans(name) ? lambdaTraceVariables(environment) : {}),
          POWERTOOLS_SERVICE_NAME: name === "dead-letter" ? DEAD_LETTERS_CLOSED.service : "api",
        },
      });
    const lambdas = new Map(LAMBDAS.map((name) => [name, createLambda(name)]));
    schedules.poll(lambdas.get("schedule")?.arn ?? "");
    followBatches(this, events.arn, lambdas.get("on-complete") as Lambda);
    const api = new HttpApi(this, "http-api", environment, { keyArn: key.arn, lambdas });
    createDashboard(this, "dashboard", environment, api.apiId);
    new PlatformAlerts(this, "alarms", environment, {
      apiId: api.apiId,
      alertsTopicArn: alerts.arn,
      scheduleDeadLettersName: names.scheduleDeadLetters,
    });
    this.#output({
      api_endpoint: api.endpoint,
      jobs_table_name: tables.jobs.name,
      jobs_table_arn: tables.jobs.arn,
      job_types_table_name: tables.jobTypes.name,
      job_types_table_arn: tables.jobTypes.arn,
      job_events_topic_arn: events.arn,
      results_bucket_name: bucket.name,
      results_bucket_arn: bucket.arn,
      key_arn: key.arn,
      cluster_name: cluster.name,
      cluster_arn: cluster.arn,
      subnet_ids: network.subnetIds,
      vpc_id: network.vpcId,
      task_security_group_id: network.securityGroupId,
      add_job_role_arn: lambdas.get("add-job")?.roleArn,
      on_complete_role_arn: lambdas.get("on-complete")?.roleArn,
      dead_letter_role_arn: lambdas.get("dead-letter")?.roleArn,
      dead_letter_function_arn: lambdas.get("dead-letter")?.arn,
      why_role_arn: lambdas.get("why")?.roleArn,
      schedule_role_arn: lambdas.get("schedule")?.roleArn,
      schedule_function_arn: lambdas.get("schedule")?.arn,
      schedule_group_name: schedules.group,
      scheduler_role_arn: schedules.arns.schedulerRole,
      schedule_dead_letter_queue_arn: schedules.arns.scheduleDeadLetters,
      alerts_topic_arn: alerts.arn,
    });
    const { name, description } = DOMAIN_OUTPUT;
    if (api.domainTarget !== undefined) new TerraformOutput(this, name, { value: api.domainTarget, description });
  }

  #output(values: Readonly<Record<PlatformOutput, unknown>>): void {
    for (const [name, description] of Object.entries(PLATFORM_OUTPUTS)) {
      new TerraformOutput(this, name, { value: values[name as PlatformOutput], description });
    }
  }
}

function makesSpans(name: LambdaName): boolean {
  return (TRACING_LAMBDAS as readonly LambdaName[]).includes(name);
}

/** Queues and functions alone: no other account is to send jobs to addresses outside of AWS. */
function otherSubscribers({ region, events }: Environment, topicArn: string): PolicyStatement[] {
  const accounts = events.subscriberAccounts.map((account) => `arn:${partitionOf(region)}:iam::${account}:root`);
  if (accounts.length === 0) return [];
  return [
    {
      sid: "SubscribersOfOtherAccounts",
      principal: { AWS: accounts },
      actions: ["sns:Subscribe"],
      resources: [topicArn],
      condition: { StringEquals: { "sns:Protocol": ["sqs", "lambda"] } },
    },
  ];
}

/** The topic that alarms publish to; CloudWatch may, for alarms of this account. */
function createAlertsTopic(scope: Construct, environment: Environment, keyArn: string): Topic {
  return new Topic(scope, "alerts", environment, {
    name: platformNames(environment).alertsTopic,
    displayName: "Alarms of the job queues",
    keyArn,
    logicalId: "alerts_topic",
    statements: (arn) => [
      {
        sid: "Alarms",
        principal: { Service: "cloudwatch.amazonaws.com" },
        actions: ["sns:Publish"],
        resources: [arn],
        condition: { StringEquals: { "aws:SourceAccount": environment.accountId } },
      },
    ],
  });
}
