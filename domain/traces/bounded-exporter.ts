import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";

type Done = Parameters<SpanExporter["export"]>[1];

/** Milliseconds for which nothing is sent after a failure: whoever waits for a flush, waits for it no more than once in them. */
const PAUSE_MS = 30_000;
/** Milliseconds between two reports. */
const REPORT_MS = 60_000;

/** Drops spans for a while where they cannot be sent, and says so. */
export class BoundedExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #report: (line: string) => void;
  readonly #now: () => number;
  #pausedUntil = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #lost = 0;

  constructor(exporter: SpanExporter, report: (line: string) => void, now: () => number = Date.now) {
    this.#exporter = exporter;
    this.#report = report;
    this.#now = now;
  }

  export(spans: ReadableSpan[], done: Done): void {
    if (this.#now() < this.#pausedUntil) {
      this.#lost += spans.length;
      done({ code: SUCCESS });
      return;
    }
    this.#exporter.export(spans, (result) => {
      if (result.code !== SUCCESS) this.#failed(spans.length, result.error);
      // To whoever sent them there is nothing more to do.
      done({ code: SUCCESS });
    });
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await this.#exporter.shutdown();
  }

  #failed(spans: number, error: Error | undefined): void {
    const now = this.#now();
    this.#lost += spans;
    this.#pausedUntil = now + PAUSE_MS;
    if (now < this.#reportedAt + REPORT_MS) return;
    this.#report(`spans lost: ${this.#lost}, as they could not be sent: ${error?.message ?? "no reason is known"}`);
    this.#reportedAt = now;
    this.#lost = 0;
  }
}

/** `ExportResultCode.SUCCESS` of `@opentelemetry/core`. */
const SUCCESS = 0;
