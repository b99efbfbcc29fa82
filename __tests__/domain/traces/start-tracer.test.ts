import { afterEach, describe, expect, it, vi } from "vitest";
import { TRACE_PARENT } from "../../../domain/trace-parent.ts";
import { startTracer } from "../../../domain/traces/start-tracer.ts";
import { inSpan, type SpanStart } from "../../../domain/traces/tracer.ts";
import { type OtlpReceiver, startOtlpReceiver } from "../../support/otlp-receiver.ts";

const SPAN: SpanStart = {
  operation: "add",
  jobType: "canary",
  queueUrl: "http://127.0.0.1/000000000000/jobs-canary",
  attributes: { "job.id": "canary_1" },
};
const traceparent = TRACE_PARENT.example;

let receiver: OtlpReceiver | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await receiver?.stop();
  receiver = undefined;
});

/** A tracer with these variables. */
function tracerWith(variables: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const reports: string[] = [];
  return { tracer: startTracer({ service: "test", headers, report: (line) => reports.push(line) }), reports };
}

describe("a tracer", () => {
  it("sends what has ended when it is flushed, with the headers of the variables and its own", async () => {
    receiver = await startOtlpReceiver();
    const variables = { ...receiver.variables, OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=acme", OTEL_SERVICE_NAME: "mine" };
    const { tracer, reports } = tracerWith(variables, { "x-key": "secret" });
    const { error } = await inSpan(tracer, { ...SPAN, parent: traceparent }, async () => {
      throw Object.assign(new Error("no"), { code: "QueueGone" });
    }).catch((thrown: Error) => ({ error: thrown }));
    expect(error.message).toBe("no");
    await tracer.flush();
    expect(receiver.spans).toMatchObject([
      {
        name: "add canary",
        traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
        status: { code: 2 },
        attributes: { "error.type": "QueueGone", "messaging.destination.name": "jobs-canary", "job.id": "canary_1" },
        resource: { "service.name": "mine" },
      },
    ]);
    expect(receiver.headers[0]).toMatchObject({ "x-tenant": "acme", "x-key": "secret" });
    expect(reports).toEqual([]);
  });

  it("gives what happens within a span its place, and that of the caller where it is not recorded", async () => {
    receiver = await startOtlpReceiver();
    const { tracer } = tracerWith(receiver.variables);
    const within = tracer.start({ ...SPAN, parent: traceparent }).traceparent;
    expect(within).toMatch(TRACE_PARENT.pattern);
    expect(within.slice(0, 36)).toBe(traceparent.slice(0, 36));
    expect(within).not.toBe(traceparent);
    const unrecorded = `${traceparent.slice(0, -2)}00`;
    expect(tracer.start({ ...SPAN, parent: unrecorded }).traceparent).toBe(unrecorded);
  });

  it("begins traces as the sampler says, and records what follows from a span where that is recorded", async () => {
    receiver = await startOtlpReceiver();
    const { tracer } = tracerWith({
      ...receiver.variables,
      OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "0",
    });
    const flags = (start: Partial<SpanStart>) => tracer.start({ ...SPAN, ...start }).traceparent.slice(-2);
    expect(flags({})).toBe("00");
    expect(flags({ parent: traceparent })).toBe("01");
    expect(flags({ link: traceparent })).toBe("01");
    expect(flags({ link: `${traceparent.slice(0, -2)}00` })).toBe("00");
  });

  it("holds nobody up for more than a second where nobody answers, and not again at once", async () => {
    receiver = await startOtlpReceiver(() => {});
    const { tracer, reports } = tracerWith(receiver.variables);
    tracer.start(SPAN).end();
    const start = performance.now();
    await tracer.flush();
    expect(performance.now() - start).toBeLessThan(5_000);
    await vi.waitFor(() => expect(reports).toHaveLength(1), 10_000);
    const { length } = receiver.headers;
    tracer.start(SPAN).end();
    await tracer.flush();
    expect(receiver.headers).toHaveLength(length);
  });

  it("says so where nothing listens, or what does is no collector", async () => {
    receiver = await startOtlpReceiver((response) => response.writeHead(401).end("who are you?"));
    for (const endpoint of ["http://127.0.0.1:1", receiver.url]) {
      const { tracer, reports } = tracerWith({ ...receiver.variables, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
      tracer.start(SPAN).end();
      await tracer.flush();
      await vi.waitFor(() => expect(reports[0]).toMatch(/^spans lost: 1, as/), 10_000);
    }
  });

  it("sends protobuf unless a variable says otherwise", async () => {
    receiver = await startOtlpReceiver();
    const { tracer } = tracerWith({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    tracer.start(SPAN).end();
    await tracer.flush();
    expect(receiver.headers).toMatchObject([{ "content-type": "application/x-protobuf" }]);
  });

  it.each([
    [{ OTEL_TRACES_EXPORTER: "zipkin" }, "OTEL_TRACES_EXPORTER"],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, "http/protobuf, http/json"],
    [{ OTEL_TRACES_SAMPLER: "sometimes" }, "parentbased_traceidratio"],
    [{ OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "2" }, "a number from 0 to 1"],
  ])("is none for what it does not know: %o", (variables, says) => {
    expect(() => tracerWith(variables as unknown as Record<string, string>)).toThrow(says);
  });
});
