import { setTimeout as delay } from "node:timers/promises";
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { BoundedExporter } from "./bounded-exporter.ts";
import { parentContext, spanContextOf, traceparentOf } from "./span-context.ts";
import { spanExporter } from "./span-exporter.ts";
import { spanSampler } from "./span-sampler.ts";
import type { OpenSpan, SpanAttributes, SpanStart, Tracer } from "./tracer.ts";

export interface TracerSettings {
  /** Where `OTEL_SERVICE_NAME` gives no other. */
  readonly service: string;
  /** Of the resource, beside what `OTEL_RESOURCE_ATTRIBUTES` says. */
  readonly attributes?: SpanAttributes;
  /** Of the exporter's requests, beside those of `OTEL_EXPORTER_OTLP_HEADERS`: secrets that are not in variables. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Told in one sentence when spans are lost, at most once a minute. */
  readonly report: (line: string) => void;
}

export type StartTracer = (settings: TracerSettings) => Tracer;

/** What a flush may take, in milliseconds: a caller's answer, or the end of a worker, waits for it. */
const FLUSH_MS = 1_000;
/** Milliseconds until spans of a worker are sent that nobody flushes. */
const SEND_EVERY_MS = 2_000;

/** How messaging has each operation (OpenTelemetry: semantic conventions for messaging spans). */
const OPERATIONS: Readonly<Record<SpanStart["operation"], { readonly type: string; readonly kind: SpanKind }>> = {
  add: { type: "send", kind: SpanKind.PRODUCER },
  wait: { type: "receive", kind: SpanKind.INTERNAL },
  attempt: { type: "process", kind: SpanKind.CONSUMER },
};

/**
 * Starts OpenTelemetry's SDK, by its variables. It is not made the process's own: handlers that bring an SDK along find none in their way.
 *
 * @throws Error for a variable that is wrong.
 */
export const startTracer: StartTracer = ({ service, attributes = {}, headers = {}, report }) => {
  const exporter = new BoundedExporter(spanExporter(headers, FLUSH_MS), report);
  const given = detectResources({ detectors: [envDetector] });
  const own = resourceFromAttributes({ "service.namespace": "autoscaling-job-queues", "service.name": service, ...attributes });
  const provider = new TracerProvider({
    resource: own.merge(given),
    sampler: spanSampler(),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: SEND_EVERY_MS, exportTimeoutMillis: FLUSH_MS })],
  });
  const tracer = provider.getTracer("autoscaling-job-queues");
  return {
    start: ({ operation, jobType, queueUrl, parent, link, startedAt, attributes: more }) => {
      const { type, kind } = OPERATIONS[operation];
      const linked = link === undefined ? undefined : spanContextOf(link);
      const span = tracer.startSpan(
        `${operation} ${jobType}`,
        {
          kind,
          ...(linked === undefined ? {} : { links: [{ context: linked }] }),
          ...(startedAt === undefined ? {} : { startTime: startedAt }),
          attributes: {
            "messaging.system": "aws_sqs",
            "messaging.destination.name": queueUrl.slice(queueUrl.lastIndexOf("/") + 1),
            "messaging.operation.name": operation,
            "messaging.operation.type": type,
            "job.type": jobType,
            ...more,
          },
        },
        parent === undefined ? ROOT_CONTEXT : parentContext(parent),
      );
      return openSpan(span, parent);
    },
    flush: async () => {
      const late = new AbortController();
      // What failed, the exporter has reported.
      const sent = provider.forceFlush().then(() => exporter.forceFlush());
      await Promise.race([sent.catch(() => {}), delay(FLUSH_MS, undefined, { signal: late.signal }).catch(() => {})]);
      late.abort();
    },
  };
};

function openSpan(span: Span, parent: string | undefined): OpenSpan {
  return {
    traceparent: span.isRecording() ? traceparentOf(span.spanContext()) : (parent ?? traceparentOf(span.spanContext())),
    end: ({ error, attributes = {}, endedAt } = {}) => {
      span.setAttributes(attributes);
      if (error !== undefined) span.setAttribute("error.type", error.code).setStatus({ code: SpanStatusCode.ERROR });
      span.end(endedAt);
    },
  };
}
