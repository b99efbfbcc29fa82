import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { inParallel } from "../../domain/in-parallel.ts";

describe("work in parallel", () => {
  it("is done for so many at a time, and gives its results in order", async () => {
    let underWay = 0;
    let most = 0;
    const results = await inParallel([5, 4, 3, 2, 1], 2, async (item) => {
      underWay += 1;
      most = Math.max(most, underWay);
      for (let turns = 0; turns < item; turns += 1) await turn();
      underWay -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 40, 30, 20, 10]);
    expect(most).toBe(2);
  });

  it("begins no more after a failure, and settles when nothing is under way", async () => {
    const begun: number[] = [];
    let ended = 0;
    const work = inParallel([1, 2, 3, 4], 2, async (item) => {
      begun.push(item);
      if (item === 1) throw new Error("the first");
      await turn();
      await turn();
      ended += 1;
    });
    await expect(work).rejects.toThrow("the first");
    expect({ begun, ended }).toEqual({ begun: [1, 2], ended: 1 });
  });

  it("is done at once where there is none", async () => {
    expect(await inParallel([], 0, async () => 1)).toEqual([]);
  });
});
