import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JobsClient } from "../../client/jobs-client.ts";
import { TRACE_PARENT, traced } from "../../domain/trace-parent.ts";
import { type CallersPlatform, startCallersPlatform } from "../support/callers-platform.ts";
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { eventually } from "../support/worker-eventually.ts";

/** The spans of the whole platform, as the shell's own variables have them sent to a collector. */

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER = "00f067aa0ba902b7";
const traceparent = `00-${TRACE}-${CALLER}-01`;
const [PRODUCER, INTERNAL, CONSUMER] = [4, 1, 5];
const FAILED = 2;

let collector: OtlpReceiver;
let platform: CallersPlatform;
let jobs: JobsClient;
beforeAll(async () => {
  collector = await startOtlpReceiver();
  platform = await startCallersPlatform(["canary"], {
    ...collector.variables,
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
  });
  jobs = new JobsClient({ url: platform.url });
});
afterAll(async () => {
  await platform.stop();
  await collector.stop();
});

const of = (id: string) => collector.spans.filter(({ attributes }) => attributes["job.id"] === id);
const named = (spans: readonly ReceivedSpan[], name: string) => spans.filter((span) => span.name === name);
const traceIdOf = (text: string | undefined) => text?.split("-")[1];
const spanIdOf = (text: string | undefined) => text?.split("-")[2];

/** Waits for the span of an attempt, which is sent last. */
async function attempts(id: string, count: number): Promise<readonly ReceivedSpan[]> {
  for (let seen = 1; named(of(id), "attempt canary").length < count; seen += 1) await collector.received("attempt canary", seen);
  return named(of(id), "attempt canary").sort(
    (a, b) => Number(a.attributes["job.attempt"]) - Number(b.attributes["job.attempt"]),
  );
}

describe("the spans of a job", () => {
  it("are those of its add, its wait and its first attempt in the caller's trace, and a trace of each retry linked to it", async () => {
    const job = await jobs.addAndWait("canary", { op: "flaky", failures: 1 }, { traceparent });
    expect(job).toMatchObject({ status: "SUCCEEDED", attempt: 2 });
    const [first, second] = await attempts(job.id, 2);
    const [add, ...noMore] = named(of(job.id), "add canary");
    const [wait] = named(of(job.id), "wait canary");
    expect(noMore).toEqual([]);
    expect(add).toMatchObject({ traceId: TRACE, parentSpanId: CALLER, kind: PRODUCER });
    expect(job.traceparent).toBe(`00-${TRACE}-${add?.spanId}-01`);
    expect(wait).toMatchObject({ traceId: TRACE, parentSpanId: add?.spanId, kind: INTERNAL });
    expect(first).toMatchObject({ traceId: TRACE, parentSpanId: add?.spanId, kind: CONSUMER, status: { code: FAILED } });
    expect(first?.attributes).toMatchObject({ "job.outcome": "retry", "error.type": expect.any(String) });
    expect(wait?.endTimeUnixNano).toBe(first?.startTimeUnixNano);
    expect(second?.traceId).not.toBe(TRACE);
    expect(second).not.toHaveProperty("parentSpanId");
    expect(second?.links).toMatchObject([{ traceId: TRACE, spanId: add?.spanId }]);
    expect(second?.attributes).toMatchObject({
      "messaging.system": "aws_sqs",
      "messaging.destination.name": expect.stringContaining("canary"),
      "messaging.operation.type": "process",
      "messaging.message.id": job.id,
      "job.type": "canary",
      "job.outcome": "succeed",
    });
    expect(add?.resource).toMatchObject({ "service.name": "jobs-api", "deployment.environment.name": "test" });
    expect(second?.resource).toMatchObject({ "service.name": "jobs-worker", "job.type": "canary" });
  });

  it("begin a trace where the caller has none, and none where the caller does not record its own", async () => {
    const own = await jobs.addAndWait("canary", { op: "echo", value: 1 });
    const [attempt] = await attempts(own.id, 1);
    expect(own.traceparent).toMatch(TRACE_PARENT.pattern);
    expect(attempt).toMatchObject({ traceId: traceIdOf(own.traceparent), parentSpanId: spanIdOf(own.traceparent) });
    const unrecorded = `00-${TRACE}-${CALLER}-00`;
    const quiet = await jobs.addAndWait("canary", { op: "echo", value: 2 }, { traceparent: unrecorded });
    expect(quiet.traceparent).toBe(unrecorded);
    const later = await jobs.addAndWait("canary", { op: "echo", value: 3 });
    await attempts(later.id, 1);
    expect(of(quiet.id)).toEqual([]);
  });

  it("are linked to those of the job that is done again, and a replay leaves the job its place", async () => {
    const job = await jobs.addAndWait("canary", { op: "fail", message: "no", permanent: true }, { traceparent });
    const again = await jobs.wait(await jobs.retry(job));
    expect(traced(again.traceparent)).toEqual({ traceparent: again.traceparent });
    await attempts(again.id, 1);
    const [add] = named(of(again.id), "add canary");
    expect(add).not.toHaveProperty("parentSpanId");
    expect(add?.links).toMatchObject([{ traceId: TRACE, spanId: spanIdOf(job.traceparent) }]);
    expect((await jobs.retry(job, { traceparent })).traceparent).toBe(again.traceparent);
  });

  it("of a batch are one add, in whose trace all its jobs and the one that follows are", async () => {
    const items = [1, 2].map((value) => ({ input: { op: "echo", value } as const }));
    const onComplete = { type: "canary", input: { op: "echo", value: "done" } };
    const batch = await jobs.waitForBatch(await jobs.addBatch("canary", items, { traceparent, onComplete }));
    const all = [];
    for await (const job of jobs.batchJobs(batch)) all.push(job);
    const [add] = collector.spans.filter(({ attributes }) => attributes["batch.id"] === batch.id);
    expect(add).toMatchObject({ name: "add canary", traceId: TRACE, parentSpanId: CALLER });
    expect(Number(add?.attributes["messaging.batch.message_count"])).toBe(2);
    expect(all.map((job) => job.traceparent)).toEqual([1, 2].map(() => `00-${TRACE}-${add?.spanId}-01`));
    const followedBy = await eventually(async () => {
      const { onCompleteJobId } = await jobs.getBatch(batch);
      expect(onCompleteJobId).toBeDefined();
      return onCompleteJobId as string;
    });
    const followed = await jobs.wait(followedBy);
    await attempts(followed.id, 1);
    expect(named(of(followed.id), "add canary")).toMatchObject([{ traceId: TRACE, parentSpanId: add?.spanId }]);
  });
});
