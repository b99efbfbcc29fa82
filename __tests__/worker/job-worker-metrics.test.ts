import { describe, expect, it, vi } from "vitest";
import { eventually } from "../support/worker-eventually.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { start } = workerSuite();

describe("a worker", () => {
  it("tells again and again how many jobs it has in hand", async () => {
    const told = vi.fn();
    const finish = Promise.withResolvers<void>();
    const { add, queueEmpty } = await start({
      handler: () => finish.promise,
      settings: { jobsRunningMs: 20 },
      overrides: ({ metrics }) => ({ metrics: Object.assign(metrics, { jobsRunning: told }) }),
    });
    await Promise.all([add(), add()]);
    const toldOf = async (count: number): Promise<void> => {
      told.mockClear();
      await eventually(async () => expect(told.mock.lastCall).toEqual([count]));
    };
    await toldOf(2);
    await toldOf(2);
    finish.resolve();
    await queueEmpty();
    await toldOf(0);
  });
});
