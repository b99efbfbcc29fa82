import { describe, expect, it } from "vitest";
import { type ControlAction, Controls } from "../../domain/controls.ts";
import { isTerminal } from "../../domain/job.ts";
import { PAUSED_DELAY_SECONDS } from "../../worker/put-back.ts";
import { eventually } from "../support/worker-eventually.ts";
import { workerSuite } from "../support/worker-suite.ts";
import type { WorkerUnderTest } from "../support/worker-under-test.ts";

const { emulators, prepare, start } = workerSuite();

const change = async (
  { jobType: { name } }: Pick<WorkerUnderTest, "jobType">,
  action: ControlAction["action"],
): Promise<void> => {
  const controls = new Controls(emulators().dynamoDb, emulators().jobTypesTableName);
  await controls.change(name, await controls.get(name), { action, by: "ada", at: new Date().toISOString() });
};

describe("a worker whose type is paused", () => {
  it("takes no message, and says so; resumed, it goes on", async () => {
    const test = await prepare({ handler: () => "done", settings: { pauseReadMs: 50 } });
    await change(test, "pause");
    const { id } = await test.add();
    test.worker.start();
    await eventually(() => expect(test.lines.map(({ message }) => message)).toContain("job type is paused: no job of it starts"));
    expect(test.journal.of(id)).toEqual([]);
    expect(await emulators().queueDepth(test.queueUrl)).toMatchObject({ visible: 1 });
    await change(test, "resume");
    expect(await test.until(id, isTerminal)).toMatchObject({ status: "SUCCEEDED", attempt: 1, interruptions: 0 });
    expect(test.lines.map(({ message }) => message)).toContain("job type is not paused any more");
  });

  it("lets the job in hand end, and puts back at no cost what a receive under way brings", async () => {
    const end = Promise.withResolvers<void>();
    const test = await start({ handler: () => end.promise, jobType: { concurrency: 2 }, settings: { pauseReadMs: 0 } });
    const running = await test.add();
    await test.journal.until(running.id, "publish 2");
    await eventually(async () => expect(await emulators().queueDepth(test.queueUrl)).toMatchObject({ visible: 0, inFlight: 1 }));
    await change(test, "pause");
    const late = await test.add();
    await test.journal.until(late.id, `hide ${PAUSED_DELAY_SECONDS} s`);
    expect(await test.store.get(late.id)).toEqual(late);
    end.resolve();
    expect(await test.until(running.id, isTerminal)).toMatchObject({ status: "SUCCEEDED", attempt: 1 });
    expect(await test.store.get(late.id)).toEqual(late);
  });

  it("begins nothing while it does not know whether its type is paused", async () => {
    const test = await prepare({
      handler: () => "done",
      settings: { pauseReadMs: 50 },
      overrides: () => ({
        controls: {
          get: async () => {
            throw new Error("not allowed");
          },
        },
      }),
    });
    const { id } = await test.add();
    test.worker.start();
    await eventually(() => expect(test.lines).toContainEqual(expect.objectContaining({ call: "GetItem" })));
    expect(test.journal.of(id)).toEqual([]);
  });
});
