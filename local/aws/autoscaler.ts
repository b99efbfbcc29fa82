import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { evaluateScaling, samplesNeeded } from "../../scaling/evaluate-scaling.ts";
import type { QueueSample } from "../../scaling/metrics.ts";
import { type Scaling, scalingFor } from "../../scaling/scaling-for.ts";
import type { CapacityState } from "../../scaling/step-scaling.ts";
import { type BackgroundLoop, startLoop } from "../background-loop.ts";
import type { Fleet } from "./fleet.ts";
import type { ScalableTargets } from "./scaling-endpoint.ts";

/** SQS reports to CloudWatch once a minute, and the alarms are evaluated as often. */
const PERIOD_MS = 60_000;

/**
 * Minutes for which SQS has not told of a queue that is new, or was at rest, once it is used: up to 15 (Amazon SQS: available CloudWatch
 * metrics). Whoever adds jobs starts their tasks meanwhile.
 */
const UNTOLD_MINUTES = 5;

export interface AutoscalerSettings {
  readonly sqs: SQSClient;
  readonly fleet: Fleet;
  /** What of each service may be scaled. @default all, always */
  readonly targets?: Pick<ScalableTargets, "target"> | undefined;
  readonly jobTypes: readonly JobType[];
  /** Queue URL of each job type. */
  readonly queueUrls: ReadonlyMap<string, string>;
  /** How much faster than AWS's the clock of the alarms runs. */
  readonly speed: number;
  /** Told of each sample of a type's queue. */
  readonly observe?: (jobType: string, sample: QueueSample) => void;
  /** Told in one sentence when metrics could not be read. */
  readonly report: (line: string) => void;
}

interface ScaledType {
  readonly name: string;
  readonly queueUrl: string;
  readonly scaling: Scaling;
  samples: QueueSample[];
  /** Minutes since the first message was there. */
  minutesUsed: number;
  state: CapacityState;
}

/** CloudWatch and Application Auto Scaling for one machine: the alarms and policies of `scaling/`, on real queue metrics. */
export function startAutoscaler(settings: AutoscalerSettings): BackgroundLoop {
  const { sqs, fleet, jobTypes, queueUrls, speed, observe, report } = settings;
  const types = jobTypes.map(({ name, scaling }): ScaledType => {
    const nothingYet = { samples: [], minutesUsed: 0, state: { capacity: 0 } };
    return { name, queueUrl: queueUrls.get(name) ?? "", scaling: scalingFor(scaling), ...nothingYet };
  });
  return startLoop({
    everyMs: PERIOD_MS / speed,
    round: async (signal) => {
      await Promise.all(
        types.map(async (type) => {
          const sample = await sampleQueue(sqs, type.queueUrl, signal);
          observe?.(type.name, sample);
          // fauxqs does not count empty receives; here, tasks that run are tasks that poll.
          const emptyReceives = fleet.service(type.name)?.runningCount ?? 0;
          adjust(type, told(type, { ...sample, emptyReceives }), settings);
        }),
      );
    },
    onError: (error) => report(`queue metrics could not be read: ${error.message}`),
  });
}

/** What SQS tells of a minute. */
function told(type: ScaledType, sample: QueueSample): QueueSample {
  const isUsed = type.minutesUsed > 0 || (sample.visible ?? 0) + (sample.inFlight ?? 0) + (sample.delayed ?? 0) > 0;
  if (isUsed) type.minutesUsed += 1;
  return isUsed && type.minutesUsed <= UNTOLD_MINUTES ? {} : sample;
}

/** Acts on one more sample. The desired count is the fleet's: the wake call changes it as well. */
function adjust(
  type: ScaledType,
  sample: QueueSample,
  { fleet, targets, speed }: Pick<AutoscalerSettings, "fleet" | "targets" | "speed">,
): void {
  type.samples = [...type.samples, sample].slice(-samplesNeeded(type.scaling));
  // Suspended, alarms go on, and nothing follows.
  if (targets?.target(type.name)?.suspended === true) return;
  const capacity = fleet.service(type.name)?.desiredCount ?? 0;
  const { scaleOut, state } = evaluateScaling(type.scaling, type.samples, { ...type.state, capacity }, Date.now() * speed);
  if (scaleOut.alarm === "ALARM") fleet.counts.alarmed(type.name, { at: Date.now(), tasks: capacity });
  type.state = state;
  if (state.capacity !== capacity) fleet.setDesiredCount(type.name, state.capacity);
}

async function sampleQueue(sqs: SQSClient, queueUrl: string, abortSignal: AbortSignal): Promise<QueueSample> {
  const { Attributes: attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
      ],
    }),
    { abortSignal },
  );
  return {
    visible: Number(attributes.ApproximateNumberOfMessages),
    inFlight: Number(attributes.ApproximateNumberOfMessagesNotVisible),
    delayed: Number(attributes.ApproximateNumberOfMessagesDelayed),
  };
}
