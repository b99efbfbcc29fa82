import type { Traced } from "../trace-parent.ts";

/** What a span is about. */
export interface SpanStart {
  /** What happens within it. */
  readonly operation: "add" | "wait" | "attempt";
  readonly jobType: string;
  readonly queueUrl: string;
  /** The `traceparent` of the span that it is a part of. @default none: it begins a trace */
  readonly parent?: string | undefined;
  /** The `traceparent` of a span of another trace that it follows from, whose trace says whether this one is recorded. */
  readonly link?: string | undefined;
  /** Epoch milliseconds. @default now */
  readonly startedAt?: number;
  readonly attributes: SpanAttributes;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** How what a span is about has failed. */
export interface SpanError {
  /** Stable, and no text: error codes of jobs, names of errors. */
  readonly code: string;
}

/** A span that has begun. */
export interface OpenSpan {
  /** For what happens within it: of the span or, where it is not recorded, of its parent. */
  readonly traceparent: string;
  /** @param endedAt epoch milliseconds. @default now */
  end(settings?: { readonly error?: SpanError; readonly attributes?: SpanAttributes; readonly endedAt?: number }): void;
}

/**
 * Records spans, and sends them where the variables of OpenTelemetry say. Neither a place that is slow or gone, nor anything else about spans,
 * holds a job up for longer than a bound, or fails one.
 */
export interface Tracer {
  start(span: SpanStart): OpenSpan;
  /** Sends what has ended; settles within a second. */
  flush(): Promise<void>;
}

/** Does work within a span, where spans are recorded. @param work is given the member `traceparent` for what it makes, if there is one. */
export async function inSpan<Done>(
  tracer: Tracer | undefined,
  start: SpanStart,
  work: (within: Traced) => Promise<Done>,
): Promise<Done> {
  if (tracer === undefined) {
    const traceparent = start.parent ?? start.link;
    return await work(traceparent === undefined ? {} : { traceparent });
  }
  const span = tracer.start(start);
  try {
    const done = await work({ traceparent: span.traceparent });
    span.end();
    return done;
  } catch (error) {
    span.end({ error: { code: (error as { readonly code?: string }).code ?? (error as Error).name } });
    throw error;
  }
}
