import { BOUNDS } from "../bounds.ts";
import { runConsumer } from "../consumers.ts";
import { type PerJob, perJob, shownPerJob } from "../per-job.ts";
import type { Part, Report } from "../report.ts";
import { shownSpread, spreadOf } from "../spread.ts";

const ROUNDS = 3;
/** Jobs at a time, and those of a run: the first only warm it up. */
const LOADS = [
  { concurrency: 1, marks: [200, 1_000] },
  { concurrency: 10, marks: [500, 2_000] },
  { concurrency: 50, marks: [500, 2_000] },
] as const;
const CONSUMERS = { plain: "plain-consumer", ours: "our-consumer", raw: "raw-consumer" } as const;

type Round = Readonly<Record<keyof typeof CONSUMERS, PerJob>>;

export const worker: Part = {
  title:
    "Worker, inline, echo jobs, beside a plain consumer on sqs-consumer (the same writes, a call at a time) and the floor (the same calls, raw)",
  measure: async (report) => {
    for (const { concurrency, marks } of LOADS) {
      const rounds: Round[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        const run = async (name: keyof typeof CONSUMERS) =>
          perJob(await runConsumer(CONSUMERS[name], marks, [String(concurrency)]));
        const measured: Round = { plain: await run("plain"), ours: await run("ours"), raw: await run("raw") };
        rounds.push(measured);
        const { ours, plain, raw } = measured;
        report.line(`concurrency ${concurrency}, round ${round}: worker ${shownPerJob(ours)}`);
        report.line(`${"".padEnd(12)} plain ${shownPerJob(plain)}; raw ${shownPerJob(raw)}`);
      }
      judge(report, `at concurrency ${concurrency}`, rounds);
    }
  },
};

function judge(report: Report, where: string, rounds: readonly Round[]): void {
  const speed = spreadOf(rounds.map(({ ours, plain }) => ours.jobsPerSecond / plain.jobsPerSecond));
  const cpu = spreadOf(rounds.map(({ ours, plain }) => ours.cpuMs / plain.cpuMs));
  const calls = spreadOf(rounds.map(({ ours }) => ours.calls));
  report.line(`${where}, jobs/s beside the plain consumer's: ${shownSpread(speed)}`);
  report.line(`  the median: ${report.atLeast(`worker's speed ${where}`, speed.median, BOUNDS.workerSpeedAtLeast)}`);
  report.line(`${where}, CPU of a job beside the plain consumer's: ${shownSpread(cpu)}`);
  report.line(`  the median: ${report.atMost(`worker's CPU ${where}`, cpu.median, BOUNDS.workerCpu)}`);
  report.line(`${where}, calls to AWS of a job: ${shownSpread(calls)}`);
  report.line(`  the median: ${report.atMost(`worker's calls ${where}`, calls.median, BOUNDS.workerCallsPerJob)}`);
  const floor = spreadOf(rounds.map(({ ours, raw }) => ours.jobsPerSecond / raw.jobsPerSecond));
  const floorCpu = spreadOf(rounds.map(({ ours, raw }) => ours.cpuMs / raw.cpuMs));
  report.line(`${where}, beside the floor: jobs/s ${shownSpread(floor)}; CPU ${shownSpread(floorCpu)}`);
}
