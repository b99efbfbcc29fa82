import { LEASE_MS, REST_MS } from "@autoscaling-job-queues/domain/raise-times";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { raiseCount } from "../../../handlers/jobs/raise-count.ts";
import { raiseCourse as course } from "./raise-courses.ts";
import { type CourseEnd, playRaises, type Raiser } from "./raise-world.ts";

const raises = ({ changes }: CourseEnd) => changes.filter(({ isPause }) => !isPause);

describe("raises of one count by many Lambdas, which may die at any call", () => {
  it("never lower it, nor take it past maxTasks, and are a second apart", async () => {
    await fc.assert(
      fc.asyncProperty(course, async (played) => {
        const changes = raises(await playRaises(played));
        for (const [index, { at, from, to }] of changes.entries()) {
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(played.maxTasks);
          // From the end of one to the look of the next, by clocks that differ: so at least not at once.
          expect(at).toBeGreaterThan(changes[index - 1]?.at ?? -1);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("are as many in any time as a second apart by one clock allows", async () => {
    const sameClock = course.map((played) => ({ ...played, raisers: played.raisers.map((one) => ({ ...one, skew: 0 })) }));
    await fc.assert(
      fc.asyncProperty(sameClock, async (played) => {
        const changes = raises(await playRaises(played));
        for (const [index, { at }] of changes.entries()) {
          expect(at - (changes[index - 1]?.at ?? Number.NEGATIVE_INFINITY)).toBeGreaterThan(REST_MS);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("leave a type that is paused meanwhile at no task", async () => {
    await fc.assert(
      fc.asyncProperty(course, fc.nat(9_000), async (played, pausesAt) => {
        const { count } = await playRaises({
          ...played,
          raisers: played.raisers.map((one) => ({ ...one, skew: 0 })),
          pausesAt,
        });
        expect(count).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it("end at what all need where nobody dies and calls are as fast as they are", async () => {
    const quick = fc.record({
      startsAt: fc.nat(800),
      skew: fc.nat(50),
      jobs: fc.integer({ min: 1, max: 20 }),
      latencies: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(quick, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 20 }),
        async (raisers, per) => {
          const { count, backlog } = await playRaises({ raisers, backlogPerTask: per, maxTasks: 50 });
          expect(count).toBe(Math.min(50, Math.ceil(backlog / per)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("are taken up by others once the lease of one that died is over", async () => {
    const first = { startsAt: 0, skew: 0, jobs: 1, latencies: [5], dies: { call: 4, after: false } };
    const at = (startsAt: number): Raiser => ({ startsAt, skew: 0, jobs: 1, latencies: [5] });
    const { changes } = await playRaises({
      raisers: [first, at(1_000), at(LEASE_MS - 1_000), at(LEASE_MS + 100)],
      backlogPerTask: 1,
      maxTasks: 10,
    });
    expect(changes.map(({ to }) => to)).toEqual([4]);
  });

  it("are left out by one that stood still after it got the lease, which may be another's by then", async () => {
    let at = 0;
    const set: number[] = [];
    const raise = raiseCount(
      { name: "canary", queueUrl: "", wake: { cluster: "", service: "", recheckSeconds: 1 } },
      {
        calls: {
          backlog: async () => 5,
          desiredCount: async () => 1,
          setDesiredCount: async (_, count) => void set.push(count),
          lease: async () => {
            at += 60_000;
            return { state: "leased", restsUntil: -1 };
          },
          release: async () => {},
        },
        ...{ needed: (backlog) => backlog, least: 1, raised: () => {}, newId: () => "id" },
        ...{ now: () => at, random: () => 0, sleep: async () => {} },
      },
    );
    await expect(raise).rejects.toThrow("raising the tasks of canary took too long");
    expect(set).toEqual([]);
  });
});
