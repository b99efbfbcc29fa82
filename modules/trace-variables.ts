import { environmentVariables } from "@autoscaling-job-queues/domain/environment";
import type { Environment } from "../environments/environment.ts";

/** What OpenTelemetry takes the headers of its requests from, in a container. */
export const TRACE_HEADERS_VARIABLE = "OTEL_EXPORTER_OTLP_HEADERS";

/** Tells Lambdas and containers where spans are sent, by OpenTelemetry's own variables. */
export function traceVariables({ name, traces }: Environment): Record<string, string> {
  if (traces === undefined) return {};
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint,
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: String(traces.sampleRatio),
    OTEL_RESOURCE_ATTRIBUTES: `deployment.environment.name=${name}`,
  };
}

/** The same for a Lambda, which reads the secret itself: no variable of it comes from one. */
export function lambdaTraceVariables(environment: Environment): Record<string, string> {
  const secret = environment.traces?.headersSecretArn;
  const headers = secret === undefined ? {} : environmentVariables({ traceHeadersSecretArn: secret });
  return { ...traceVariables(environment), ...headers };
}

/** What ECS gives a container from secrets. */
export function traceSecrets({ traces }: Environment): Record<string, string> {
  return traces?.headersSecretArn === undefined ? {} : { [TRACE_HEADERS_VARIABLE]: traces.headersSecretArn };
}
