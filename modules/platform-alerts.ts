import { JOB_RETENTION_DAYS } from "@autoscaling-job-queues/domain/limits";
import { LAMBDAS, type LambdaName } from "@autoscaling-job-queues/domain/routes";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { type AlertMetric, createAlert, failurePercent, rateInWords } from "./alert.ts";
import { platformNames } from "./names.ts";

/** Minutes in which the errors of a Lambda are counted. */
const LAMBDA_MINUTES = 5;

/** Minutes for which what was due may lie in the dead-letter queue of schedules: several tries of the Lambda that polls it. */
const DUE_MINUTES = 15;

/** What the errors of a Lambda mean to others. */
const WHAT_FOLLOWS: Readonly<Record<LambdaName, string>> = {
  "add-job": "Callers could not add jobs.",
  "create-upload": "Callers could not upload files.",
  "query-job": "Callers could not read jobs.",
  "cancel-job": "Callers could not cancel jobs.",
  control: "Callers could not pause or resume job types.",
  why: "Callers could not ask why a job is where it is, or how a job type fares.",
  "on-complete": "Jobs that were to follow a batch were not added; after two more tries the event waits in a queue.",
  "dead-letter": "Dead letters were not closed; they come again.",
  schedule: "Jobs that were due were not added or sent; they come again.",
};

interface PlatformAlertsSettings {
  readonly apiId: string;
  readonly alertsTopicArn: string;
  readonly scheduleDeadLettersName: string;
}

/** The alarms of the platform that page people: the API answers with errors of its own, or a Lambda fails. */
export class PlatformAlerts extends Construct {
  constructor(scope: Construct, id: string, environment: Environment, settings: PlatformAlertsSettings) {
    super(scope, id);
    this.#watchApi(environment, settings);
    for (const lambda of LAMBDAS) this.#watchLambda(lambda, environment, settings);
    this.#watchSchedules(environment, settings);
    this.#watchFailedEvents(environment, settings);
  }

  #watchFailedEvents(environment: Environment, { alertsTopicArn }: PlatformAlertsSettings): void {
    const names = platformNames(environment);
    const dimensions = { QueueName: names.batchEventsFailed };
    createAlert(this, "batch-events-failed", environment, {
      name: names.alarm("batch-events-failed"),
      description:
        "A batch has completed, and the job that its onComplete asked for was not added: three tries of the Lambda on-complete failed. Its " +
        `log says why. The event waits in the queue ${names.batchEventsFailed}, and the batch is there for ${JOB_RETENTION_DAYS} days. See ` +
        "docs/operations.md, Batches that nothing followed",
      alertsTopicArn,
      metrics: { waiting: { namespace: "AWS/SQS", name: "ApproximateNumberOfMessagesVisible", dimensions, stat: "Maximum" } },
      threshold: 1,
      periodSeconds: 60,
      // Some hours after the last call SQS stops reporting a queue, and nobody polls this one: its events still wait.
      treatMissingData: "ignore",
    });
  }

  #watchApi(environment: Environment, { apiId, alertsTopicArn }: PlatformAlertsSettings): void {
    const { apiErrors } = environment.alarms;
    const api = (name: string): AlertMetric => ({ namespace: "AWS/ApiGateway", name, dimensions: { ApiId: apiId }, stat: "Sum" });
    createAlert(this, "api-errors", environment, {
      name: platformNames(environment).alarm("api-errors"),
      description:
        `Of the API's requests, ${rateInWords(apiErrors)}, were answered with a status of 500 or more. The lines "request failed" in the ` +
        "Lambdas' logs have the errors; the access log has what did not reach a Lambda. See docs/operations.md, When an alarm fires",
      alertsTopicArn,
      metrics: { failed: api("5xx"), requests: api("Count") },
      expression: failurePercent(apiErrors, "requests"),
      threshold: apiErrors.percent,
      periodSeconds: apiErrors.minutes * 60,
      treatMissingData: "notBreaching",
    });
  }

  #watchSchedules(environment: Environment, { scheduleDeadLettersName, alertsTopicArn }: PlatformAlertsSettings): void {
    const names = platformNames(environment);
    const group = { ScheduleGroup: names.scheduleGroup };
    const scheduler = (name: string): AlertMetric => ({ namespace: "AWS/Scheduler", name, dimensions: group, stat: "Sum" });
    const queue = { QueueName: scheduleDeadLettersName };
    const sqs = (name: string): AlertMetric => ({ namespace: "AWS/SQS", name, dimensions: queue, stat: "Maximum" });
    const common = { alertsTopicArn, threshold: 1, periodSeconds: 60 };
    createAlert(this, "due-left", environment, {
      ...common,
      name: names.alarm("due-left"),
      description:
        `For ${DUE_MINUTES} min there have been jobs that are due and that the Lambda schedule has not dealt with: it fails, or does not ` +
        "run, and its log says why. It tries again every few minutes, for 14 days. See docs/operations.md, Jobs that are due",
      metrics: {
        visible: sqs("ApproximateNumberOfMessagesVisible"),
        // One that failed is hidden until the next try.
        inFlight: sqs("ApproximateNumberOfMessagesNotVisible"),
      },
      expression: "IF(visible >= 0, visible + FILL(inFlight, 0))",
      periods: DUE_MINUTES,
      treatMissingData: "ignore",
    });
    createAlert(this, "due-lost", environment, {
      ...common,
      name: names.alarm("due-lost"),
      description:
        "EventBridge Scheduler could hand a job that was due neither to the Lambda schedule nor to the dead-letter queue of schedules: the " +
        "scheduler's role, its key or the queue was changed. See docs/operations.md, Jobs that are due",
      metrics: { lost: scheduler("InvocationsFailedToBeSentToDeadLetterCount") },
      treatMissingData: "notBreaching",
    });
  }

  #watchLambda(lambda: LambdaName, environment: Environment, { alertsTopicArn }: PlatformAlertsSettings): void {
    const { lambdaErrors } = environment.alarms;
    const names = platformNames(environment);
    const dimensions = { FunctionName: names.lambda(lambda) };
    const metric = (name: string): AlertMetric => ({ namespace: "AWS/Lambda", name, dimensions, stat: "Sum" });
    createAlert(this, `${lambda}-errors`, environment, {
      name: names.alarm(`${lambda}-errors`),
      description:
        `The Lambda ${lambda} ended with an error or was throttled ${lambdaErrors} times or more within ${LAMBDA_MINUTES} min. ` +
        `${WHAT_FOLLOWS[lambda]} Its log says why; throttles come from lambda.reservedConcurrency or the account's quota. ` +
        "See docs/operations.md, When an alarm fires",
      alertsTopicArn,
      metrics: { errors: metric("Errors"), throttles: metric("Throttles") },
      expression: "FILL(errors, 0) + FILL(throttles, 0)",
      threshold: lambdaErrors,
      periodSeconds: LAMBDA_MINUTES * 60,
      treatMissingData: "notBreaching",
    });
  }
}
