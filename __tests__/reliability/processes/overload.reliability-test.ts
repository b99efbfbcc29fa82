import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isTerminal } from "../../../domain/job.ts";
import { checkHistory } from "../checker/check-history.ts";
import { describeViolation } from "../checker/verdict.ts";
import { recordFigures } from "../report/record-figures.ts";
import { ChaosPlatform } from "./chaos-platform.ts";
import { runOverload } from "./overload-run.ts";
import { MEBIBYTE, mebibytes } from "./resource-samples.ts";
import { finalState } from "./settle.ts";
import { percentile, seconds, trendOf } from "./trends.ts";

const SETTINGS = { addMs: 60_000, clients: 24, everyMs: 400, drainers: 3, drainMs: 240_000 } as const;
/** The default lease: how soon a dead worker's jobs are taken over is no question here. */
const LEASE_SECONDS = 30;
/** What the Lambdas and the smallest container have. */
const MEMORY_LIMIT = 512 * MEBIBYTE;
const GROWTH_LIMIT = 96 * MEBIBYTE;

let platform: ChaosPlatform;
beforeAll(async () => {
  platform = await ChaosPlatform.start(LEASE_SECONDS);
});
afterAll(async () => {
  await platform.stop();
});

describe("jobs that are added faster than they are done, for a minute", () => {
  it("are none of them lost, and cost neither Lambdas nor worker more and more memory", async () => {
    const run = await runOverload(platform, SETTINGS);
    const final = await finalState(platform);
    const { verdict, ended } = {
      verdict: checkHistory(run.isSettled ? platform.recorder.settled(final) : platform.recorder.soFar()),
      ended: new Set(final.jobs.filter(isTerminal).map(({ id }) => id)),
    };
    const memory = new Map([...run.samples].map(([name, all]) => [name, trendOf(all.map((sample) => sample.residentBytes))]));
    const shown = (name: string): string => {
      const { early, late, highest } = memory.get(name) ?? trendOf([]);
      return `${mebibytes(early)} early, ${mebibytes(late)} late, ${mebibytes(highest)} at most`;
    };
    const latency = (share: number): string => seconds(percentile(run.latencyMs, share));
    recordFigures({
      suite: "overload",
      summary:
        "Clients add jobs through the gateway and the built Lambdas faster than one worker does them; then others help it.",
      command: "npm run test:reliability -- overload",
      figures: {
        "seconds of adding": SETTINGS.addMs / 1_000,
        "jobs accepted": run.accepted.length,
        "jobs done meanwhile": run.doneMeanwhile,
        rejections: Object.keys(run.rejections).length === 0 ? 0 : JSON.stringify(run.rejections),
        "latency of an add": `p50 ${latency(0.5)}, p99 ${latency(0.99)}`,
        "memory of the Lambdas' process": shown("lambdas"),
        "memory of the worker": shown("worker"),
        lost: run.accepted.filter((id) => !ended.has(id)).length,
        "until all had ended, with help": seconds(run.drainMs),
      },
      checks: verdict.checks,
    });
    expect(verdict.violations.map(describeViolation)).toEqual([]);
    expect(run.isSettled).toBe(true);
    expect(run.accepted.filter((id) => !ended.has(id))).toEqual([]);
    expect(run.accepted.length).toBeGreaterThan(2 * run.doneMeanwhile);
    for (const [name, { early, late, highest }] of memory) {
      expect(highest, name).toBeLessThan(MEMORY_LIMIT);
      expect(late - early, name).toBeLessThan(GROWTH_LIMIT);
    }
  });
});
