import { queueName } from "@autoscaling-job-queues/domain/queue-names";
import { QUEUE_METRIC_NAMES, type QueueSample } from "../../scaling/metrics.ts";
import { startCloudWatch } from "./cloudwatch-endpoint.ts";
import { EmbeddedMetrics } from "./embedded-metrics.ts";
import type { ListeningServer } from "./listening.ts";
import { MetricStore } from "./metric-store.ts";
import { CLUSTER } from "./resources.ts";

export interface PlatformMetricsSettings {
  /** Folder of the logs, in which programs write their own metrics. */
  readonly logs: string;
  /** How much faster than the true one the clock of the metrics runs. */
  readonly speed: number;
  /** Queue URL of each job type. */
  readonly queueUrls: ReadonlyMap<string, string>;
  /** Tasks of a service that run now. */
  readonly runningTasks: (service: string) => number;
}

export interface PlatformMetrics {
  /** CloudWatch. */
  readonly server: ListeningServer;
  /** Notes what a queue reports, and how many tasks its service runs: SQS and Container Insights do so once a minute. */
  observe(jobType: string, sample: QueueSample): void;
}

/** CloudWatch for one machine: the metrics of queues and services, as they are observed, and those that programs write into their logs. */
export async function startPlatformMetrics(settings: PlatformMetricsSettings): Promise<PlatformMetrics> {
  const { logs, speed, queueUrls, runningTasks } = settings;
  const metrics = new MetricStore(speed);
  const embedded = new EmbeddedMetrics(logs, (metric, values, at) => metrics.put(metric, values, at));
  const server = await startCloudWatch({ metrics, look: () => embedded.look() });
  return {
    server,
    observe: (jobType, sample) => {
      const now = Date.now();
      const QueueName = queueName(queueUrls.get(jobType) ?? "");
      for (const [id, name] of Object.entries(QUEUE_METRIC_NAMES)) {
        const value = sample[id as keyof QueueSample];
        if (value !== undefined) metrics.put({ namespace: "AWS/SQS", name, dimensions: { QueueName } }, [value], now);
      }
      const dimensions = { ClusterName: CLUSTER, ServiceName: jobType };
      metrics.put({ namespace: "ECS/ContainerInsights", name: "RunningTaskCount", dimensions }, [runningTasks(jobType)], now);
    },
  };
}
