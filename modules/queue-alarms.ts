import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";
import type { Environment } from "./environment.ts";
import { jobTypeNames } from "./names.ts";

const PERIOD_SECONDS = 60;
/** What a message may wait for a free worker before somebody should look, beyond the time that its attempts take. */
const WAIT_SECONDS = 3_600;

interface QueueAlarmSettings {
  readonly jobType: JobType;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly alertsTopicArn: string;
}

/** The alarms that call people: a job was dead-lettered, or the queue does not get done. */
export class QueueAlarms extends Construct {
  constructor(scope: Construct, id: string, environment: Environment, settings: QueueAlarmSettings) {
    super(scope, id);
    const { jobType, queueName, deadLetterQueueName, alertsTopicArn } = settings;
    const { name, maxAttempts, timeoutSeconds } = jobType;
    const names = jobTypeNames(environment, name);
    const actions = { alarmActions: [alertsTopicArn], okActions: [alertsTopicArn], treatMissingData: "notBreaching" };
    new CloudwatchMetricAlarm(this, "dead-letters", {
      ...actions,
      alarmName: names.alarm("dead-letters"),
      alarmDescription: `A message of job type ${name} was dead-lettered: its job could be brought to no end`,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 1,
      // The Lambda empties the queue within seconds, so what it receives counts as much as what waits for it.
      metricQuery: [
        ...[
          { id: "received", metricName: "NumberOfMessagesReceived", stat: "Sum" },
          { id: "waiting", metricName: "ApproximateNumberOfMessagesVisible", stat: "Maximum" },
        ].map(({ id, metricName, stat }) => ({
          id,
          returnData: false,
          metric: {
            namespace: "AWS/SQS",
            metricName,
            dimensions: { QueueName: deadLetterQueueName },
            stat,
            period: PERIOD_SECONDS,
          },
        })),
        { id: "letters", label: "Dead letters", expression: "FILL(received, 0) + FILL(waiting, 0)", returnData: true },
      ],
    });
    new CloudwatchMetricAlarm(this, "oldest-message", {
      ...actions,
      alarmName: names.alarm("oldest-message"),
      alarmDescription: `The oldest message of job type ${name} is older than all attempts of a job and an hour's wait`,
      comparisonOperator: "GreaterThanThreshold",
      threshold: maxAttempts * timeoutSeconds + WAIT_SECONDS,
      evaluationPeriods: 5,
      datapointsToAlarm: 5,
      namespace: "AWS/SQS",
      metricName: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: queueName },
      statistic: "Maximum",
      period: PERIOD_SECONDS,
    });
  }
}
