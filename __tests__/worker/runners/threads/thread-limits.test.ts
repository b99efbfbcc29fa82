import { describe, expect, it } from "vitest";
import { threadLimits } from "../../../../worker/runners/threads/thread-limits.ts";

describe("the limits of a worker's threads", () => {
  it.each([
    [1, 512, { maxOldGenerationSizeMb: 237, maxYoungGenerationSizeMb: 24, maxKeptMiB: 32 }],
    [2, 512, { maxOldGenerationSizeMb: 113, maxYoungGenerationSizeMb: 12, maxKeptMiB: 15 }],
    [2, 1_024, { maxOldGenerationSizeMb: 295, maxYoungGenerationSizeMb: 48, maxKeptMiB: 42 }],
    [10, 1_024, { maxOldGenerationSizeMb: 295, maxYoungGenerationSizeMb: 48, maxKeptMiB: 42 }],
    [1, 608, { maxOldGenerationSizeMb: 295, maxYoungGenerationSizeMb: 48, maxKeptMiB: 42 }],
    [1, 8_192, { maxOldGenerationSizeMb: 6_741, maxYoungGenerationSizeMb: 48, maxKeptMiB: 64 }],
  ])("divide the container: %i in %i MiB", (concurrency, memoryMiB, limits) => {
    expect(threadLimits(concurrency, memoryMiB)).toEqual(limits);
  });
});
