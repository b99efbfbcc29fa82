import { afterAll, describe, expect, it } from "vitest";
import { RepeatedRows } from "./repeated-rows.ts";
import { ScratchFiles } from "./scratch-files.ts";

const scratch = new ScratchFiles();
afterAll(async () => await scratch.close());

describe("repeated rows", () => {
  it("are those whose values were there before, also among more than the memory takes", async () => {
    const repeated = new RepeatedRows(scratch);
    const valuesOf = (row: number): string => JSON.stringify([row % 2 === 0 ? row : row % 1_000]);
    const seen = new Set<string>();
    const expected: number[] = [];
    for (let row = 0; row < 500_000; row++) {
      const values = valuesOf(row);
      if (seen.has(values)) expected.push(row);
      seen.add(values);
      repeated.add(row, values);
      if (row % 10_000 === 0) await repeated.settle();
    }
    const found: number[] = [];
    await repeated.find((row) => found.push(row), new AbortController().signal);
    // As text: to compare so many numbers one by one takes long.
    expect(found.sort((left, right) => left - right).join()).toBe(expected.join());
  });
});
