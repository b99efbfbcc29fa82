import { type ReadableSpan, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { BoundedExporter } from "../../../domain/traces/bounded-exporter.ts";

const spans = [new TracerProvider().getTracer("test").startSpan("any") as unknown as ReadableSpan];

/** An exporter that fails while it is told to. */
function exporterOf(fails: () => boolean) {
  const state = { sent: 0, clock: 0, reports: [] as string[] };
  const inner: SpanExporter = {
    export: (given, done) => {
      if (!fails()) state.sent += given.length;
      done(fails() ? { code: 1, error: new Error("gone") } : { code: 0 });
    },
    shutdown: async () => {},
  };
  const exporter = new BoundedExporter(
    inner,
    (line) => state.reports.push(line),
    () => state.clock,
  );
  const send = () => {
    let code: number | undefined;
    exporter.export(spans, (result) => {
      code = result.code;
    });
    return code;
  };
  return { state, send };
}

describe("an exporter that fails", () => {
  it("is left alone for half a minute, and nobody hears of it but the log, once a minute", () => {
    let isDown = true;
    const { state, send } = exporterOf(() => isDown);
    expect([send(), send(), send()]).toEqual([0, 0, 0]);
    expect(state.reports).toEqual(["spans lost: 1, as they could not be sent: gone"]);
    state.clock = 30_000;
    expect(send()).toBe(0);
    expect(state.reports).toHaveLength(1);
    state.clock = 61_000;
    expect(send()).toBe(0);
    expect(state.reports[1]).toBe("spans lost: 4, as they could not be sent: gone");
    isDown = false;
    send();
    expect(state.sent).toBe(0);
    state.clock = 91_000;
    send();
    expect(state.sent).toBe(1);
  });
});
