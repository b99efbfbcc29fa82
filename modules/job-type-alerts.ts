import { PAUSABLE_ALARMS } from "@autoscaling-job-queues/domain/alarm-names";
import { DEAD_LETTERS_CLOSED } from "@autoscaling-job-queues/domain/dead-letter-metric";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { JOB_TYPES_RESUMED } from "@autoscaling-job-queues/domain/resumed-metric";
import { WORKER_METRICS } from "@autoscaling-job-queues/domain/worker-metrics";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { type AlertMetric, type AlertSettings, createAlert, failurePercent, rateInWords } from "./alert.ts";
import { jobTypeNames, platformNames } from "./names.ts";

const MINUTE_SECONDS = 60;
/** How long a message may wait for a free worker before someone should look, beyond the time that its attempts take. */
const WAIT_SECONDS = 3_600;
/** How much longer jobs may wait before even a pause is no reason to be silent: long before SQS and the jobs' own time end. */
const LONG_WAIT_SECONDS = 3 * 86_400;
/** Minutes for which the dead-letter Lambda, which takes seconds, may have dead letters: several of its tries. */
const CLOSING_MINUTES = 15;

interface JobTypeAlertsSettings {
  readonly jobType: JobType;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly clusterName: string;
  readonly alertsTopicArn: string;
}

type Alert = Omit<AlertSettings, "name" | "alertsTopicArn" | "isPausable">;

/** The alarms of a job type that page people: its jobs are not taken, fail, or do not end. */
export class JobTypeAlerts extends Construct {
  constructor(scope: Construct, id: string, environment: Environment, settings: JobTypeAlertsSettings) {
    super(scope, id);
    const { alarm } = jobTypeNames(environment, settings.jobType.name);
    const { alertsTopicArn } = settings;
    const alerts = { ...workerAlerts(environment, settings), ...deadLetterAlerts(environment, settings) };
    for (const [name, alert] of Object.entries(alerts)) {
      const isPausable = PAUSABLE_ALARMS.some((pausable) => pausable === name);
      createAlert(this, name, environment, { ...alert, name: alarm(name), alertsTopicArn, isPausable });
    }
  }
}

function workerAlerts(environment: Environment, settings: JobTypeAlertsSettings): Readonly<Record<string, Alert>> {
  const { noWorkerMinutes, failedJobs } = environment.alarms;
  const { jobType, queueName, clusterName } = settings;
  const { name, maxAttempts, timeoutSeconds } = jobType;
  const { service } = jobTypeNames(environment, name);
  const worker = (metric: string) => own(environment, name, WORKER_METRICS.service, metric);
  return {
    "no-worker": {
      description:
        `Messages of job type ${name} wait, and for ${noWorkerMinutes} min no worker has taken one or been at work: tasks do not ` +
        `start, or end at once. aws ecs describe-services --cluster ${clusterName} --services ${service} shows what ECS says. ` +
        "See docs/operations.md, Why does nothing run?",
      metrics: {
        visible: sqs(queueName, "ApproximateNumberOfMessagesVisible", "Maximum"),
        inFlight: sqs(queueName, "ApproximateNumberOfMessagesNotVisible", "Maximum"),
        received: sqs(queueName, "NumberOfMessagesReceived", "Sum"),
        running: worker(WORKER_METRICS.jobsRunning),
        // It is over in that minute, whatever SQS reports, and so pages anew where no worker takes up what waited through a pause.
        resumed: own(environment, name, JOB_TYPES_RESUMED.service, JOB_TYPES_RESUMED.name),
      },
      // A minute that SQS has not reported has no value (docs/decisions/0011-late-metrics.md).
      expression:
        "IF(FILL(resumed, 0) > 0, 0, IF(visible >= 0, IF(FILL(inFlight, 0) + FILL(received, 0) + FILL(running, 0) > 0, 0, visible)))",
      threshold: 1,
      periodSeconds: MINUTE_SECONDS,
      periods: noWorkerMinutes,
      // Some hours after the last call SQS stops reporting a queue, while its messages still wait.
      treatMissingData: "ignore",
    },
    "failed-jobs": {
      description:
        `Of the jobs of type ${name} that ended, ${rateInWords(failedJobs)}, FAILED. Their error says why, and so do the lines with ` +
        "the outcome fail in the workers' log. See docs/operations.md, Error codes of jobs",
      metrics: { failed: worker(WORKER_METRICS.jobsFailed), succeeded: worker(WORKER_METRICS.jobsSucceeded) },
      expression: failurePercent(failedJobs, "failed + FILL(succeeded, 0)"),
      threshold: failedJobs.percent,
      periodSeconds: failedJobs.minutes * MINUTE_SECONDS,
      treatMissingData: "notBreaching",
    },
    "oldest-message": {
      description:
        `The oldest message of job type ${name} is older than all attempts of a job and an hour's wait: there are more jobs than its ` +
        "tasks can do, or no tasks. See docs/operations.md, Why does nothing run?",
      ...olderThan(maxAttempts * timeoutSeconds + WAIT_SECONDS, queueName),
    },
    "waits-for-days": {
      description:
        `The oldest message of job type ${name} is older than all attempts of a job and three days' wait: somebody has paused the type and ` +
        "forgotten it (GET /job-types says who), or it falls ever further behind. After 13 days its jobs fail. See docs/operations.md, Why does nothing run?",
      ...olderThan(maxAttempts * timeoutSeconds + LONG_WAIT_SECONDS, queueName),
    },
  };
}

/** For 5 minutes, so that a message which is just being taken fires nothing. */
function olderThan(threshold: number, queueName: string) {
  return {
    metrics: { age: sqs(queueName, "ApproximateAgeOfOldestMessage", "Maximum") },
    threshold,
    periodSeconds: MINUTE_SECONDS,
    periods: 5,
    treatMissingData: "notBreaching" as const,
  };
}

function deadLetterAlerts(environment: Environment, settings: JobTypeAlertsSettings): Readonly<Record<string, Alert>> {
  const { jobType, deadLetterQueueName } = settings;
  const { name } = jobType;
  return {
    "dead-letters": {
      description:
        `A message of job type ${name} was received so often that it was dead-lettered, and its job was ended for that. Most often ` +
        "workers can neither claim nor finish jobs: read what they logged about the job's ID. See docs/operations.md, Dead letters",
      // What the Lambda only put back, such as the message of a job that runs for days, pages nobody.
      metrics: { closed: own(environment, name, DEAD_LETTERS_CLOSED.service, DEAD_LETTERS_CLOSED.name) },
      threshold: 1,
      periodSeconds: MINUTE_SECONDS,
      treatMissingData: "notBreaching",
    },
    "dead-letters-left": {
      description:
        `For ${CLOSING_MINUTES} min there have been dead letters of job type ${name} that the Lambda dead-letter has not closed: it ` +
        "fails, or does not run, and its log says why. Until then their jobs do not end. See docs/operations.md, Dead letters",
      metrics: {
        visible: sqs(deadLetterQueueName, "ApproximateNumberOfMessagesVisible", "Maximum"),
        // A letter that could not be closed is hidden until the next try.
        inFlight: sqs(deadLetterQueueName, "ApproximateNumberOfMessagesNotVisible", "Maximum"),
      },
      expression: "IF(visible >= 0, visible + FILL(inFlight, 0))",
      threshold: 1,
      periodSeconds: MINUTE_SECONDS,
      periods: CLOSING_MINUTES,
      treatMissingData: "ignore",
    },
  };
}

/** A metric of this system's own, by its two dimensions. */
function own(environment: Environment, jobType: string, service: string, name: string): AlertMetric {
  return { namespace: platformNames(environment).metrics, name, dimensions: { service, jobType }, stat: "Sum" };
}

function sqs(queueName: string, name: string, stat: AlertMetric["stat"]): AlertMetric {
  return { namespace: "AWS/SQS", name, dimensions: { QueueName: queueName }, stat };
}
