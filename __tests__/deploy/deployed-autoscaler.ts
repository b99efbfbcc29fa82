import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { evaluateScaling, samplesNeeded } from "../../scaling/evaluate-scaling.ts";
import type { QueueSample } from "../../scaling/metrics.ts";
import type { Scaling } from "../../scaling/scaling-for.ts";
import type { CapacityState } from "../../scaling/step-scaling.ts";
import { deployedService } from "./deployed-service.ts";
import type { EmulatedAws } from "./emulated-aws.ts";

const MINUTE_MS = 60_000;

interface AutoscalerSettings {
  readonly aws: EmulatedAws;
  readonly cluster: string;
  readonly service: string;
  readonly queueUrl: string;
  /** As it was read back from CloudWatch and Application Auto Scaling. */
  readonly scaling: Scaling;
}

/** CloudWatch and Application Auto Scaling for one deployed service, a minute at a time. */
export class DeployedAutoscaler {
  readonly #settings: AutoscalerSettings;
  #samples: QueueSample[] = [];
  #state: CapacityState = { capacity: 0 };
  #minutes = 0;

  constructor(settings: AutoscalerSettings) {
    this.#settings = settings;
  }

  /**
   * Samples the queue, evaluates the alarms, and sets the service's desired count where a policy changes it.
   *
   * @param emptyReceives of this minute; moto does not count them.
   * @returns the desired count of the service, as ECS tells it afterwards.
   */
  async minute(emptyReceives: number): Promise<number> {
    const { aws, cluster, service, queueUrl, scaling } = this.#settings;
    const { desiredCount = 0 } = await deployedService(aws, cluster, service);
    const sample = { ...(await queueDepth(aws, queueUrl)), emptyReceives };
    this.#samples = [...this.#samples, sample].slice(-samplesNeeded(scaling));
    this.#minutes += 1;
    const before = { ...this.#state, capacity: desiredCount };
    this.#state = evaluateScaling(scaling, this.#samples, before, this.#minutes * MINUTE_MS).state;
    if (this.#state.capacity !== desiredCount) {
      await aws.clients.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: this.#state.capacity }));
    }
    return (await deployedService(aws, cluster, service)).desiredCount ?? 0;
  }
}

/** Messages of a queue, as its metrics count them. */
export async function queueDepth({ clients }: EmulatedAws, queueUrl: string): Promise<QueueSample> {
  const { Attributes = {} } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] }),
  );
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed),
  };
}
