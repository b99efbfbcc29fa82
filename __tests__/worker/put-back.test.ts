import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JOB_LIFETIME_DAYS, LAMBDA_TIMEOUT_SECONDS, MAX_VISIBILITY_SECONDS } from "../../domain/limits.ts";
import { dueDelaySeconds, leasedDelaySeconds, longestDelaySeconds, missingDelaySeconds } from "../../worker/put-back.ts";
import { ADDED_AT } from "../support/build-job.ts";
import { runs } from "../support/property-runs.ts";

const NOW = ADDED_AT + 60_000;
const LEASE_SECONDS = 30;
/** Of the queues (modules/job-queues.ts). */
const MAX_RECEIVE_COUNT = 100;

describe("a message that is put back", () => {
  it.each([
    ["at once", 0, 43_140],
    ["after hours", 8 * 3_600, 4 * 3_600 - 60],
    ["after more than SQS hides a message for", 86_400, 0],
  ])("%s waits at most until SQS's 12 h from its receive are over", (_, attemptSeconds, seconds) => {
    expect(longestDelaySeconds(attemptSeconds)).toBe(seconds);
  });
});

describe("a message whose job may not start yet", () => {
  it.each([
    ["until it may", 40_000, 0, 40],
    ["in whole seconds, and none too few", 1, 0, 1],
    ["not where the time has come", -5_000, 0, 0],
    ["no longer than SQS hides it, to be put back again", 86_400_000, 0, 43_140],
    ["no longer than SQS hides it after a long attempt", 43_200_000, 10 * 3_600, 2 * 3_600 - 60],
  ])("waits %s", (_, milliseconds, attemptSeconds, seconds) => {
    expect(dueDelaySeconds(NOW + milliseconds, NOW, attemptSeconds)).toBe(seconds);
  });
});

describe("a message without a job", () => {
  it.each([
    ["a moment for a job that does not exist yet", { receiveCount: 1, ageSeconds: 0.2 }, 1],
    ["longer each time", { receiveCount: 3, ageSeconds: 6 }, 16],
    ["until it is old enough to be nobody's", { receiveCount: 4, ageSeconds: 22.3 }, 36],
    ["at least a moment", { receiveCount: 4, ageSeconds: 58 }, 1],
    ["no more once it is", { receiveCount: 1, ageSeconds: 58.1 }, undefined],
  ])("waits %s", (_, message, seconds) => {
    expect(missingDelaySeconds(message)).toBe(seconds);
  });

  it("is nobody's only when the add-job Lambda that sent it must have ended, however often it comes, and soon after", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 1_000, noNaN: true }),
        (receiveCount, ageSeconds) => {
          const seconds = missingDelaySeconds({ receiveCount, ageSeconds });
          if (seconds === undefined) expect(ageSeconds).toBeGreaterThan(LAMBDA_TIMEOUT_SECONDS);
          else expect(ageSeconds + seconds).toBeLessThanOrEqual(2 * LAMBDA_TIMEOUT_SECONDS + 1);
        },
      ),
      runs(500),
    );
  });
});

describe("a message of a job that somebody holds", () => {
  it.each([
    ["past the lease", 30_500, 10, 32],
    ["for a quarter of the time for which the job has been held", 20_000, 3_600, 900],
    ["past the lease where that is later", 20_000, 60, 21],
    ["only for the rest of a lease that has missed a heartbeat, however long the job was held", 1_000, 86_400, 2],
    ["not at once when the lease is over", -5_000, 10, 2],
    ["never longer than SQS hides it", 20_000, 7 * 86_400, 43_140],
    ["as for a job just claimed where the clock of its worker is ahead", 20_000, -600, 21],
  ])("waits %s", (_, leaseMs, heldSeconds, seconds) => {
    expect(leasedDelaySeconds({ until: NOW + leaseMs, since: NOW - heldSeconds * 1_000 }, NOW, LEASE_SECONDS)).toBe(seconds);
  });

  it("comes to workers 61 times in 13 days with the default lease, and 29 times where its worker hid it for 12 h", () => {
    const receivesFrom = (firstReceive: number): number => {
      let receives = 0;
      for (let seconds = firstReceive; seconds < JOB_LIFETIME_DAYS * 86_400; receives += 1) {
        const now = ADDED_AT + seconds * 1_000;
        seconds += leasedDelaySeconds({ until: now + 20_000, since: ADDED_AT }, now, LEASE_SECONDS);
      }
      return receives;
    };
    expect([receivesFrom(1), receivesFrom(MAX_VISIBILITY_SECONDS)]).toEqual([61, 29]);
  });

  it.each([
    ["the only one, once its worker cannot hide it any longer", MAX_VISIBILITY_SECONDS],
    ["a duplicate from its first second on", 1],
  ])("comes far less than a hundred times to workers while a job runs for 13 days: %s", (_, firstReceive) => {
    const jobs = fc.record({
      // What is left of a lease of that length, which is renewed three times in it.
      leaseLeft: fc.double({ min: 2 / 3, max: 1, noNaN: true }),
      leaseSeconds: fc.integer({ min: 3, max: 3_600 }),
      // Until a worker takes a message that is visible.
      pollSeconds: fc.double({ min: 0, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(jobs, ({ leaseLeft, leaseSeconds, pollSeconds }) => {
        let receives = 0;
        for (let seconds = firstReceive; seconds < JOB_LIFETIME_DAYS * 86_400; receives += 1) {
          const now = ADDED_AT + seconds * 1_000;
          const until = now + leaseLeft * leaseSeconds * 1_000;
          const wait = leasedDelaySeconds({ until, since: ADDED_AT }, now, leaseSeconds);
          // How much later than now the job is taken over, if its worker dies right away.
          expect(wait).toBeLessThanOrEqual(Math.max(leaseSeconds + 2, seconds / 4 + 1));
          seconds += wait + pollSeconds;
        }
        expect(receives).toBeLessThan(MAX_RECEIVE_COUNT - 30);
      }),
      runs(200),
    );
  });
});
