import { describe, expect, it } from "vitest";
import { JOB_ID } from "../../domain/job-id.ts";
import { MAX_DELAY_SECONDS } from "../../domain/limits.ts";
import { jobOfSchedule, jobScheduleName } from "../../domain/schedule-settings.ts";

const ID = "document_01JCQ8N6V4W2X9Y7Z5T3R1P0MK";
const NOW = Date.parse("2026-12-01T12:00:00Z");
const at = (ms: number) => ({ id: ID, runAt: new Date(ms).toISOString() });

describe("the name of a job's schedule", () => {
  it("begins with the job's ID, and tells it", () => {
    expect(jobScheduleName(at(NOW))).toBe(`${ID}GXDP0`);
    expect(jobOfSchedule(jobScheduleName(at(NOW)))).toBe(ID);
  });

  it("has 64 characters of EventBridge Scheduler's at most", () => {
    expect(jobScheduleName({ ...at(NOW), id: "x".repeat(JOB_ID.maxLength) })).toHaveLength(64);
  });

  it("is another one for each second of a year, and the same within a second", () => {
    const year = Array.from({ length: 366 }, (_, day) => jobScheduleName(at(NOW + day * 86_400_000)));
    const seconds = [1, 2, 60, 3_600, MAX_DELAY_SECONDS - 1].map((second) => jobScheduleName(at(NOW + second * 1_000)));
    expect(new Set([...year, ...seconds]).size).toBe(366 + 5);
    expect(jobScheduleName(at(NOW - 999))).toBe(jobScheduleName(at(NOW)));
    expect(jobScheduleName(at(NOW + 1))).not.toBe(jobScheduleName(at(NOW)));
  });
});
