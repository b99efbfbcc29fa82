import { metricsNamespace } from "@autoscaling-job-queues/domain/environment";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";

/** Metrics of the Lambdas, and what they are counted by. Names that callers choose are not dimensions: each would cost. */
interface MetricDimensions {
  readonly JobsAdded: { readonly jobType: string };
  readonly JobsReplayed: { readonly jobType: string };
  readonly BatchesAdded: { readonly jobType: string };
  readonly BatchesReplayed: { readonly jobType: string };
  readonly RequestsRejected: { readonly code: string };
  readonly CancelRequests: { readonly jobType: string };
  readonly ServicesWoken: { readonly jobType: string };
  readonly JobsDue: { readonly jobType: string };
  readonly SchedulesSkipped: { readonly jobType: string };
  readonly JobTypesPaused: { readonly jobType: string };
  readonly JobTypesResumed: { readonly jobType: string };
  readonly DeadLettersClosed: { readonly jobType: string };
  readonly DeadLettersReturned: { readonly jobType: string };
  readonly DeadLettersMisplaced: { readonly jobType: string };
}

/** Writes one line. An `error` among the attributes is written with its name, message, stack and cause. */
type Log = (message: string, attributes: Record<string, unknown>) => void;

/** Logs and metrics of one Lambda. Nothing of a job's input, result or tags belongs in either. */
export interface Telemetry {
  readonly logger: {
    /** Has the lines that follow name the invocation. */
    readonly addContext: (context: Context) => void;
    readonly info: Log;
    readonly warn: Log;
    readonly error: Log;
  };
  /** Adds to a metric. @param amount @default 1 */
  readonly count: <Name extends keyof MetricDimensions>(name: Name, dimensions: MetricDimensions[Name], amount?: number) => void;
}

/** Powertools' logger and metrics. @param settings the service's name, where it is not the one of Powertools' own variable. */
export function lambdaTelemetry(settings: { readonly serviceName?: string } = {}): Telemetry {
  const metrics = new Metrics({ namespace: metricsNamespace(), ...settings });
  return {
    logger: new Logger(settings),
    // Published at once: metrics that wait in the instance would mix the dimensions of concurrent records.
    count: (name, dimensions, amount = 1) => {
      for (const [dimension, value] of Object.entries(dimensions)) metrics.addDimension(dimension, value);
      metrics.addMetric(name, "Count", amount).publishStoredMetrics();
    },
  };
}
