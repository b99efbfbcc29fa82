import { describe, expect, it } from "vitest";
import { sampleProcess } from "./resource-samples.ts";

describe("what a process holds", () => {
  it("is read of this one", () => {
    const sample = sampleProcess(process.pid);
    expect(sample?.residentBytes).toBeGreaterThan(10_000_000);
    expect(sample?.descriptors).toBeGreaterThan(2);
    expect(sample?.threads).toBeGreaterThan(1);
  });

  it("is not known of one that is gone", () => {
    expect(sampleProcess(2 ** 30)).toBeUndefined();
  });
});
