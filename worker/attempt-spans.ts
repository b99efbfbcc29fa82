import type { JobError } from "@autoscaling-job-queues/domain/errors";
import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import { traced } from "@autoscaling-job-queues/domain/trace-parent";
import type { Tracer } from "@autoscaling-job-queues/domain/traces/tracer";
import type { AttemptOutcome } from "./log.ts";

/** The span of an attempt. */
export interface AttemptSpan {
  /** For what the handler calls. */
  readonly traceparent: string;
  /** Only the first call counts. */
  end(outcome: AttemptOutcome, error?: JobError): void;
}

interface AttemptSpansSettings {
  readonly tracer: Tracer;
  readonly queueUrl: string;
  readonly worker: string;
}

const FAILED: ReadonlySet<AttemptOutcome> = new Set(["fail", "retry", "lost", "abandoned"]);

/**
 * Spans of attempts. The first attempt, and the wait before it, are parts of the trace that the job was added in; each later one begins a trace of
 * its own, linked to that: it may be days later.
 */
export class AttemptSpans {
  readonly #settings: AttemptSpansSettings;

  constructor(settings: AttemptSpansSettings) {
    this.#settings = settings;
  }

  /** @param startedAt epoch milliseconds. */
  begin(job: StoredJob, startedAt: number): AttemptSpan {
    const { tracer, queueUrl, worker } = this.#settings;
    const { id, type: jobType, attempt } = job;
    const { traceparent } = traced(job.traceparent);
    const of = { jobType, queueUrl, attributes: { "job.id": id, "job.attempt": attempt, "messaging.message.id": id } };
    if (attempt === 1) {
      const since = Date.parse(job.runAt ?? job.createdAt);
      tracer
        .start({ ...of, operation: "wait", parent: traceparent, startedAt: Math.min(since, startedAt) })
        .end({ endedAt: startedAt });
    }
    const place = attempt === 1 ? { parent: traceparent } : { link: traceparent };
    const attributes = { ...of.attributes, "messaging.client.id": worker };
    const span = tracer.start({ ...of, ...place, operation: "attempt", startedAt, attributes });
    let hasEnded = false;
    return {
      traceparent: span.traceparent,
      end: (outcome, error) => {
        if (hasEnded) return;
        hasEnded = true;
        const failed = FAILED.has(outcome) ? { error: { code: error?.code ?? outcome } } : {};
        span.end({ ...failed, attributes: { "job.outcome": outcome } });
      },
    };
  }

  async flush(): Promise<void> {
    await this.#settings.tracer.flush();
  }
}
