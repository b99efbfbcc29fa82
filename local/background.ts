import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { type AutoscalerSettings, startAutoscaler } from "./aws/autoscaler.ts";
import { startBatchSubscription } from "./aws/batch-subscription.ts";
import type { PlatformClients } from "./aws/clients.ts";
import { startDeadLetterMapping } from "./aws/dead-letter-mapping.ts";
import type { Fleet } from "./aws/fleet.ts";
import type { Invoke } from "./aws/gateway.ts";
import { startMemoryWatch } from "./aws/memory-watch.ts";
import type { Resources } from "./aws/resources.ts";
import type { ScalableTargets } from "./aws/scaling-endpoint.ts";
import type { BackgroundLoop } from "./background-loop.ts";

export interface BackgroundSettings {
  readonly clients: PlatformClients;
  readonly resources: Resources;
  readonly jobTypes: readonly JobType[];
  readonly fleet: Fleet;
  readonly targets: ScalableTargets;
  /** By job type. */
  readonly queueUrls: ReadonlyMap<string, string>;
  /** By job type, of those whose tasks are watched. */
  readonly memoryMiB: ReadonlyMap<string, number>;
  readonly speed: number;
  readonly invoke: Invoke;
  readonly observe: NonNullable<AutoscalerSettings["observe"]>;
  readonly report: (line: string) => void;
}

/** Starts what AWS does by itself: it ends tasks that take too much memory, scales services, and hands Lambdas what comes on queues and topics. */
export function startBackground(settings: BackgroundSettings): BackgroundLoop[] {
  const { clients, resources, jobTypes, fleet, targets, queueUrls, memoryMiB, speed, invoke, observe, report } = settings;
  return [
    startMemoryWatch({
      tasks: () => fleet.tasks(),
      willEnd: (taskId, reason) => fleet.willEnd(taskId, reason),
      memoryMiB,
      report,
    }),
    startAutoscaler({ sqs: clients.sqs, fleet, targets, jobTypes, queueUrls, speed, observe, report }),
    startBatchSubscription({
      ...clients,
      invoke,
      queueUrl: resources.batchEventsQueueUrl,
      topicArn: resources.eventsTopicArn,
      report,
    }),
    ...[...resources.queues.values()].map(({ deadLetters }) =>
      startDeadLetterMapping({ ...clients, invoke, queueUrl: deadLetters.url, queueArn: deadLetters.arn, report }),
    ),
  ];
}
