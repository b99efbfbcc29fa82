import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordFigures } from "../report/record-figures.ts";
import { runValues } from "../values/run-values.ts";
import { ApiWorld, type Counts } from "./api-world.ts";
import { SEED } from "./check-property.ts";
import { median, runTwoOwners, type Timings } from "./owners.ts";
import { runRawRequests } from "./run-raw-requests.ts";
import { runRequests } from "./run-requests.ts";

const REQUESTS = 17_000;
const OWNER_CASES = 200;
const RAW_REQUESTS = 2_000;
/** Values that a handler and a command give back. */
const VALUES = 60;

/** What a median may differ by between a job that never was and another owner's: noise, but no other class of work. */
const SAME_TIMING = 2;

describe("the API under hostile input, in full", () => {
  let world: ApiWorld;
  let values = 0;
  let timings: Timings = { absent: [], hidden: [] };
  const started = performance.now();
  beforeAll(async () => {
    world = await ApiWorld.start();
  });
  afterAll(async () => {
    await world.stop();
  });

  it("answers every request as its description says", async () => {
    await runRequests(world, { cases: REQUESTS });
  });

  it("shows nothing of another owner's jobs, and takes no other time for them", async () => {
    timings = await runTwoOwners(world, { cases: OWNER_CASES });
    const [absent, hidden] = [median(timings.absent), median(timings.hidden)];
    expect(hidden).toBeLessThanOrEqual(SAME_TIMING * absent);
    expect(absent).toBeLessThanOrEqual(SAME_TIMING * hidden);
  });

  it("answers any bytes with less than 500, or closes", async () => {
    await runRawRequests(world, { cases: RAW_REQUESTS });
  });

  it("gives every value to handlers and commands as it was sent, and to callers as it was returned", async () => {
    const { sent, problems } = await runValues(VALUES, SEED);
    values = sent;
    expect(problems).toEqual([]);
  });

  it("breaks no invariant", async () => {
    const { problems, checks } = await world.verdict();
    const { counts, known } = world;
    recordFigures({
      suite: "hostile input",
      summary:
        "Valid and invalid requests, generated from the API's own OpenAPI description, to the Lambdas' code and, as raw bytes, to the " +
        "local gateway. Every answer is judged by the description: its status, body, headers, and what it may show to whom.",
      command: "npm run test:reliability -- api",
      seed: SEED,
      figures: {
        requests: counts.get("requests") ?? 0,
        "raw requests": counts.get("raw requests") ?? 0,
        "jobs accepted": known.accepted.length,
        "values given back": values,
        "answers of 500 and more": failures(counts),
        "requests by kind": listed(counts, "kind: "),
        "requests by route": listed(counts, "route: "),
        "answers by status": listed(counts, "status: "),
        "raw requests by kind": listed(counts, "raw kind: "),
        "raw answers by status": listed(counts, "raw status: "),
        "median ms for a job that never was": median(timings.absent).toFixed(2),
        "median ms for another owner's job": median(timings.hidden).toFixed(2),
        seconds: Math.round((performance.now() - started) / 1_000),
      },
      checks: new Map([...checks, [28, values]]),
    });
    expect(problems).toEqual([]);
  });
});

function failures(counts: Counts): number {
  const failed = [...counts].filter(([name]) => /status: 5/.test(name));
  return failed.reduce((total, [, times]) => total + times, 0);
}

/** The counts of one group, the largest first. */
function listed(counts: Counts, group: string): string {
  return [...counts]
    .filter(([name]) => name.startsWith(group))
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `${name.slice(group.length) || "(none)"} ${times.toLocaleString("en")}`)
    .join(", ");
}
