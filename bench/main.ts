import { measureBatch } from "./batches.ts";
import { measureBundles } from "./bundles.ts";
import { measureConsoleList } from "./console-list.ts";
import type { Reading } from "./consumer-process.ts";
import { runConsumer } from "./consumers.ts";
import { freshThreadMs } from "./fresh-thread.ts";
import { median } from "./median.ts";
import { type ListReading, measureOwnerLists } from "./owner-lists.ts";
import { growth, measureOwnSynth, measureSynth } from "./synth.ts";

/**
 * `npm run bench`: every figure that the project promises of its own speed, measured side by side in one run. Exits 1 when
 * one misses its bound.
 */

const BOUNDS = {
  bundleBytes: 1.4,
  bundleLoad: 1.2,
  tracesBytes: 80_000,
  workerCpu: 0.7,
  workerCallsPerJob: 2.6,
  workerMemory: 1.2,
  threadSlowdown: 1.1,
  batchSeconds: 5,
  batchCallsPerJob: 1.4,
  ownerListCalls: 2,
  ownerListSlowdown: 1.5,
  ownSynthSeconds: 5,
  synthSeconds: 30,
  synthGigabytes: 1,
  synthGrowth: 1.5,
  scrollTaskMs: 50,
} as const;
/** Runs of each consumer, alternating; the first thousand jobs of a run only warm it up. */
const ROUNDS = 3;
const MARKS = [1_000, 4_000] as const;
/** Jobs in the list that is scrolled. */
const SCROLLED_JOBS = 10_000;
/** Jobs of others, and of a caller who lists a page of 20. */
const LISTED = { others: 200_000, own: 30 } as const;
/** What is under way when a garbage collection comes is in use, too, so that the least of a few readings counts. */
const MEMORY_MARKS = { early: [1_900, 2_000, 2_100], late: [19_900, 20_000, 20_100] } as const;
/** Generated job types that are synthesized; the bounds of time and memory hold for the last number. */
const SYNTH_TYPES = [50, 100, 200] as const;

const missed: string[] = [];

function compare(name: string, value: number, bound: number): string {
  if (!(value <= bound)) missed.push(`${name}: ${value.toFixed(2)}, allowed ${bound}`);
  return `${value.toFixed(2)} (at most ${bound})`;
}

console.log("Lambda bundles, beside a bundle of nothing but the SDK clients and commands they use");
for (const { name, bytes, sdkOnlyBytes, loadMs, sdkOnlyLoadMs, tracesBytes } of await measureBundles()) {
  const size = compare(`${name} bytes`, bytes / sdkOnlyBytes, BOUNDS.bundleBytes);
  const load = compare(`${name} load time`, loadMs / sdkOnlyLoadMs, BOUNDS.bundleLoad);
  console.log(`  ${name.padEnd(12)} ${bytes} / ${sdkOnlyBytes} bytes: ${size}`);
  console.log(`  ${"".padEnd(12)} ${loadMs.toFixed(0)} / ${sdkOnlyLoadMs.toFixed(0)} ms to load: ${load}`);
  if (tracesBytes > 0) {
    const traces = compare(`${name} bytes of traces`, tracesBytes, BOUNDS.tracesBytes);
    console.log(`  ${"".padEnd(12)} apart, read where an exporter of spans is named, in bytes: ${traces}`);
  }
}

console.log(
  "\nWorker at concurrency 10, inline, echo jobs, beside a plain consumer on sqs-consumer (the same writes, a call at a time)",
);
const rounds = [];
for (let round = 1; round <= ROUNDS; round += 1) {
  const plain = perJob(await runConsumer("plain-consumer", MARKS));
  const ours = perJob(await runConsumer("our-consumer", MARKS));
  rounds.push({ plain, ours });
  console.log(`  round ${round}: worker ${shown(ours)}; plain ${shown(plain)}; CPU ${(ours.cpuMs / plain.cpuMs).toFixed(2)}`);
}
const cpu = median(rounds.map(({ plain, ours }) => ours.cpuMs / plain.cpuMs));
console.log(`  CPU per job, median of ${ROUNDS} rounds: ${compare("worker CPU per job", cpu, BOUNDS.workerCpu)}`);
const calls = median(rounds.map(({ ours }) => ours.calls));
console.log(`  calls to AWS per job: ${compare("worker calls per job", calls, BOUNDS.workerCallsPerJob)}`);

console.log(
  "\nWorker at concurrency 10, echo jobs in threads that are looked at between jobs, beside threads that are reused unseen",
);
const threads = [];
for (let round = 1; round <= ROUNDS; round += 1) {
  const plain = perJob(await runConsumer("thread-consumer", MARKS, ["plain"]));
  const looked = perJob(await runConsumer("thread-consumer", MARKS, ["looked"]));
  threads.push(plain.jobsPerSecond / looked.jobsPerSecond);
  console.log(`  round ${round}: looked at ${shown(looked)}; unseen ${shown(plain)}`);
}
console.log(`  time of a job, median of ${ROUNDS} rounds: ${compare("jobs in threads", median(threads), BOUNDS.threadSlowdown)}`);
console.log(`  a fresh thread, to the end of its first job: ${(await freshThreadMs()).toFixed(0)} ms`);

console.log("\nMemory of a worker, after garbage collection");
const memory = await runConsumer("our-consumer", [...MEMORY_MARKS.early, ...MEMORY_MARKS.late]);
const early = leastOf(memory.slice(0, MEMORY_MARKS.early.length));
const late = leastOf(memory.slice(MEMORY_MARKS.early.length));
const used = compare("worker memory", late.usedBytes / early.usedBytes, BOUNDS.workerMemory);
const resident = compare("worker resident memory", late.rssBytes / early.rssBytes, BOUNDS.workerMemory);
console.log(
  `  in use after ${early.jobs} jobs ${mebibytes(early.usedBytes)}, after ${late.jobs} ${mebibytes(late.usedBytes)}: ${used}`,
);
console.log(
  `  resident after ${early.jobs} jobs ${mebibytes(early.rssBytes)}, after ${late.jobs} ${mebibytes(late.rssBytes)}: ${resident}`,
);

console.log("\nA batch of as many jobs as it may have, on this machine's platform");
const batch = await measureBatch();
console.log(`  ${batch.jobs} jobs, in seconds: ${compare("a batch", batch.seconds, BOUNDS.batchSeconds)}`);
console.log(`  calls to AWS per job: ${compare("calls of a batch", batch.callsPerJob, BOUNDS.batchCallsPerJob)}`);

console.log("\nThe first page of a caller's jobs where access is by owner, on dynalite");
const { alone, among, none } = await measureOwnerLists(LISTED.others, LISTED.own);
console.log(`  with no jobs of others: ${shownList(alone)}`);
console.log(`  with ${LISTED.others} jobs of others: ${shownList(among)}; of a caller without jobs: ${shownList(none)}`);
console.log(
  `  calls to DynamoDB: ${compare("calls of a list by owner", Math.max(among.calls, none.calls), BOUNDS.ownerListCalls)}`,
);
console.log(`  time beside none of others: ${compare("time of a list by owner", among.ms / alone.ms, BOUNDS.ownerListSlowdown)}`);

console.log("\nThe console's list, scrolled from end to end in Chromium");
const scroll = await measureConsoleList(SCROLLED_JOBS);
if (scroll === undefined) console.log("  skipped: there is no Chromium");
else
  console.log(
    `  ${scroll.jobs} jobs, the longest task in ms: ${compare("a task of the console", scroll.longest, BOUNDS.scrollTaskMs)}`,
  );

console.log("\nTerraform from bundles that are built, a process each");
const own = await measureOwnSynth();
console.log(
  `  the repository's ${own.types} job types, in seconds: ${compare("own synth", own.wallMs / 1_000, BOUNDS.ownSynthSeconds)}`,
);
const syntheses = await measureSynth(SYNTH_TYPES);
for (const { types, wallMs, cpuMs, maxRssBytes } of syntheses) {
  console.log(
    `  ${types} generated: ${(wallMs / 1_000).toFixed(2)} s, ${(cpuMs / 1_000).toFixed(2)} s of CPU, ${mebibytes(maxRssBytes)}`,
  );
}
const largest = syntheses.at(-1);
if (largest === undefined) throw new Error("the syntheses gave no readings");
const seconds = compare(`synth of ${largest.types}, seconds`, largest.wallMs / 1_000, BOUNDS.synthSeconds);
console.log(`  ${largest.types} generated, in seconds: ${seconds}`);
const gigabytes = compare(`synth of ${largest.types}, GB`, largest.maxRssBytes / 1e9, BOUNDS.synthGigabytes);
console.log(`  ${largest.types} generated, in GB: ${gigabytes}`);
const ratio = compare("synth growth", growth(syntheses), BOUNDS.synthGrowth);
console.log(
  `  CPU of a further type, from ${SYNTH_TYPES.slice(1).join(" to ")} beside ${SYNTH_TYPES.slice(0, 2).join(" to ")}: ${ratio}`,
);

for (const line of missed) console.error(`missed: ${line}`);
process.exitCode = missed.length > 0 ? 1 : 0;

interface PerJob {
  readonly cpuMs: number;
  readonly jobsPerSecond: number;
  readonly calls: number;
}

function perJob([first, last]: readonly Reading[]): PerJob {
  if (first === undefined || last === undefined) throw new Error("a consumer gave no readings");
  const jobs = last.jobs - first.jobs;
  return {
    cpuMs: (last.cpuMs - first.cpuMs) / jobs,
    jobsPerSecond: jobs / ((last.wallMs - first.wallMs) / 1_000),
    calls: (last.calls - first.calls) / jobs,
  };
}

function leastOf(readings: readonly Reading[]): Pick<Reading, "jobs" | "usedBytes" | "rssBytes"> {
  const jobs = Math.max(...readings.map((reading) => reading.jobs));
  const [usedBytes, rssBytes] = (["usedBytes", "rssBytes"] as const).map((name) =>
    Math.min(...readings.map((reading) => reading[name])),
  );
  if (usedBytes === undefined || rssBytes === undefined) throw new Error("the worker gave no readings");
  return { jobs, usedBytes, rssBytes };
}

function shown({ cpuMs, jobsPerSecond, calls }: PerJob): string {
  return `${jobsPerSecond.toFixed(0)} jobs/s, ${cpuMs.toFixed(2)} ms CPU and ${calls.toFixed(2)} calls a job`;
}

function shownList({ jobs, calls, ms }: ListReading): string {
  return `${jobs} jobs, ${calls} calls, ${ms.toFixed(1)} ms`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
