import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { isTerminal } from "../../domain/job.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { start } = workerSuite();

describe("a worker", () => {
  it("runs a job to its result, and acknowledges its message", async () => {
    const { add, until, queueEmpty } = await start({ handler: (input) => ({ echo: input }) });
    const { id } = await add({ input: '{"hello":"world"}' });
    const job = await until(id, isTerminal);
    expect(job).toMatchObject({ status: "SUCCEEDED", version: 3, attempt: 1, result: '{"echo":{"hello":"world"}}' });
    expect(job.leaseOwner).toBeUndefined();
    await queueEmpty();
  });

  it("retries a job that fails, with the error shown while it waits, and counts its attempts", async () => {
    const { add, until } = await start({
      handler: (_, { attempt }) => {
        if (attempt < 3) throw new Error(`attempt ${attempt} failed`);
        return attempt;
      },
    });
    const { id } = await add();
    expect(await until(id, isTerminal)).toMatchObject({ status: "SUCCEEDED", attempt: 3, version: 7, result: "3" });
  });

  it("hears a cancel request and stops the handler", async () => {
    const { add, until, store, lines } = await start({
      handler: async (_, { signal }) => await delay(20_000, undefined, { signal }),
    });
    const { id } = await add();
    const runningJob = await until(id, ({ status }) => status === "RUNNING");
    await store.transition(runningJob, "requestCancel", { now: Date.now(), writeId: "cancel" });
    expect(await until(id, isTerminal)).toMatchObject({ status: "CANCELLED", version: 4 });
    expect(lines).toContainEqual(expect.objectContaining({ message: "job cancelled", jobId: id }));
  });
});
