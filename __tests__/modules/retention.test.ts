import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  JOB_RETENTION_DAYS,
  LAMBDA_TIMEOUT_SECONDS,
  MAX_DELAY_SECONDS,
  MAX_TIMEOUT_SECONDS,
  QUEUE_RETENTION_DAYS,
  UPLOAD_NAMED_DAYS,
} from "../../domain/limits.ts";
import { only, synthesized } from "./synthesized.ts";

const DAY = 86_400;
const RETENTION = JOB_RETENTION_DAYS * DAY;
/** The most that a job type may ask for (domain/job-type-settings.ts), and what a worker tries to commit an end for. */
const GRACE = 60;
const COMMIT = 60;

/** Seconds by which a rule takes an object, by folder. */
let days: ReadonlyMap<string, number>;

beforeAll(async () => {
  const { platform } = await synthesized();
  const rules: { filter: { prefix: string }[]; expiration: { days: number }[]; status: string }[] = only(
    platform,
    "aws_s3_bucket_lifecycle_configuration",
  ).rule;
  expect(rules.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => "Enabled"));
  days = new Map(rules.map(({ filter, expiration }) => [filter[0]?.prefix ?? "", expiration[0]?.days ?? 0]));
});

/** S3 adds a rule's days to an object's creation, and rounds up to the next midnight UTC (S3: lifecycle rules based on age). */
const deletedAt = (createdAt: number, rule: number): number => Math.ceil((createdAt + rule * DAY) / DAY) * DAY;

/** What the API promises: an ended job is read until then, with all that belongs to it. */
const readableUntil = (endedAt: number): number => endedAt + RETENTION;

const created = fc.integer({ min: 1_700_000_000, max: 1_700_000_000 + 30 * DAY });

/** An input that is stored, whose job's message is sent within the Lambda's time, and which ends while that lives. */
const inputs = fc.record({
  createdAt: created,
  endedAfter: fc.integer({ min: 0, max: QUEUE_RETENTION_DAYS * DAY + LAMBDA_TIMEOUT_SECONDS }),
});
/** What a job for later begins with, that is due up to a year ahead. */
const LATER = MAX_DELAY_SECONDS + QUEUE_RETENTION_DAYS * DAY + LAMBDA_TIMEOUT_SECONDS;
const later = fc.record({ createdAt: created, endedAfter: fc.integer({ min: 0, max: LATER }) });
/** A file that is uploaded up to a day before the job that names it. */
const uploads = fc.record({
  createdAt: created,
  endedAfter: fc.integer({ min: 0, max: (UPLOAD_NAMED_DAYS + QUEUE_RETENTION_DAYS) * DAY + LAMBDA_TIMEOUT_SECONDS }),
});
/** A file that an attempt writes at its very start or later, and whose job ends with the attempt. */
const results = fc.record({ createdAt: created, endedAfter: fc.integer({ min: 0, max: MAX_TIMEOUT_SECONDS + GRACE + COMMIT }) });

describe("the bucket", () => {
  it.each([
    ["inputs/", inputs],
    ["later/", later],
    ["uploads/", uploads],
    ["results/", results],
  ])("keeps %s for as long as their job can be read, whenever it was added and whenever it ends", (folder, objects) => {
    fc.assert(
      fc.property(objects, ({ createdAt, endedAfter }) => {
        expect(deletedAt(createdAt, days.get(folder) ?? 0)).toBeGreaterThanOrEqual(readableUntil(createdAt + endedAfter));
      }),
    );
  });

  it.each([
    ["inputs/", QUEUE_RETENTION_DAYS * DAY + LAMBDA_TIMEOUT_SECONDS],
    ["later/", LATER],
    ["uploads/", (UPLOAD_NAMED_DAYS + QUEUE_RETENTION_DAYS) * DAY + LAMBDA_TIMEOUT_SECONDS],
    ["results/", MAX_TIMEOUT_SECONDS + GRACE],
  ])("keeps %s no day longer than the latest end asks for", (folder, endedAfter) => {
    const justBeforeMidnight = 19_700 * DAY - 1;
    const rule = days.get(folder) ?? 0;
    expect(deletedAt(justBeforeMidnight, rule)).toBeGreaterThanOrEqual(readableUntil(justBeforeMidnight + endedAfter));
    expect(deletedAt(justBeforeMidnight, rule - 1)).toBeLessThan(readableUntil(justBeforeMidnight + endedAfter));
  });

  it("keeps checkpoints/ until the job's message is gone, and no day longer", () => {
    const rule = days.get("checkpoints/") ?? 0;
    fc.assert(
      fc.property(inputs, ({ createdAt, endedAfter }) => {
        expect(deletedAt(createdAt, rule)).toBeGreaterThanOrEqual(createdAt + endedAfter);
      }),
    );
    const justBeforeMidnight = 19_700 * DAY - 1;
    const end = justBeforeMidnight + QUEUE_RETENTION_DAYS * DAY + LAMBDA_TIMEOUT_SECONDS;
    expect(deletedAt(justBeforeMidnight, rule - 1)).toBeLessThan(end);
  });

  it("has no other folder", () => {
    expect([...days.keys()]).toEqual(["inputs/", "later/", "uploads/", "results/", "checkpoints/"]);
  });
});
