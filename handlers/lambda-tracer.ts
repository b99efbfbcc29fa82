import { readOptional } from "@autoscaling-job-queues/domain/environment";
import { exportsSpans, loadTracer } from "@autoscaling-job-queues/domain/traces/load-tracer";
import type { Tracer } from "@autoscaling-job-queues/domain/traces/tracer";
import type { Context } from "aws-lambda";
import type { Telemetry } from "./telemetry.ts";

type Handler<Event, Answer> = (event: Event, context: Context) => Promise<Answer>;

/** The tracer of a Lambda that adds jobs; undefined where no variable of OpenTelemetry names an exporter. */
export async function lambdaTracer({ logger }: Pick<Telemetry, "logger">): Promise<Tracer | undefined> {
  if (!exportsSpans()) return undefined;
  const report = (problem: string): void => logger.warn("traces", { problem });
  try {
    const secretArn = readOptional("traceHeadersSecretArn");
    const headers = secretArn === undefined ? {} : await (await import("./trace-headers.ts")).traceHeaders(secretArn);
    return await loadTracer(import.meta.url, { service: "jobs-api", headers, report });
  } catch (error) {
    report(`no spans are recorded, as their headers cannot be read: ${(error as Error).message}`);
    return undefined;
  }
}

/** A handler whose spans are sent before it answers: Lambda freezes the process then. */
export function flushing<Event, Answer>(tracer: Tracer | undefined, handler: Handler<Event, Answer>): Handler<Event, Answer> {
  if (tracer === undefined) return handler;
  return async (event, context) => {
    try {
      return await handler(event, context);
    } finally {
      await tracer.flush();
    }
  };
}
