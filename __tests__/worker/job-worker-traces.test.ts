import { describe, expect, it } from "vitest";
import { isTerminal } from "../../domain/job.ts";
import { TRACE_PARENT } from "../../domain/trace-parent.ts";
import { type ReceivedEvent, takeEvents } from "../support/take-events.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { emulators, start } = workerSuite();
const traceparent = TRACE_PARENT.example;
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

/** The events of a job, to that of its end. */
async function eventsOf(id: string): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  while (!events.some(({ job }) => isTerminal(job))) {
    events.push(...(await takeEvents(emulators(), 1)).filter(({ job }) => job.id === id));
  }
  return events;
}

describe("a job that is a part of a trace", () => {
  it("tells its handler, in each attempt, and has its log lines and events say so", async () => {
    const { add, until, lines } = await start({
      handler: (_, job) => {
        job.logger.info("at work");
        if (job.attempt === 1) throw new Error("once");
        return { traceparent: job.traceparent };
      },
    });
    const { id } = await add({ traceparent });
    expect(await until(id, isTerminal)).toMatchObject({ traceparent, result: JSON.stringify({ traceparent }), attempt: 2 });
    const told = ["at work", "job failed; it will be retried", "at work", "job succeeded"];
    expect(lines).toMatchObject(told.map((message) => ({ message, jobId: id, traceId })));
    for (const { job, attributes } of await eventsOf(id)) {
      expect(job.traceparent).toBe(traceparent);
      expect(attributes.traceparent).toEqual(["String", traceparent]);
    }
  });

  it.each([
    ["none", undefined],
    ["what no traceparent is, as only another worker can have written it", { toString: "x" }],
  ])("has a handler without one where the item has %s", async (_, given) => {
    const { add, until, lines } = await start({ handler: (_, job) => ({ has: String(job.traceparent) }) });
    const { id } = await add(given === undefined ? {} : { traceparent: given as unknown as string });
    expect(await until(id, isTerminal)).toMatchObject({ status: "SUCCEEDED", result: '{"has":"undefined"}' });
    expect(lines.filter((line) => "traceId" in line)).toEqual([]);
    for (const { attributes } of await eventsOf(id)) expect(attributes).not.toHaveProperty("traceparent");
  });
});
