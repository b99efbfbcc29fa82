import { BOUNDS } from "../bounds.ts";
import { runConsumer } from "../consumers.ts";
import { freshThreadMs } from "../fresh-thread.ts";
import { perJob, shownPerJob } from "../per-job.ts";
import type { Part } from "../report.ts";
import { shownSpread, spreadOf } from "../spread.ts";

const ROUNDS = 3;
/** The first jobs of a run only warm it up. */
const MARKS = [1_000, 4_000] as const;

export const threads: Part = {
  title: "Worker at concurrency 10, echo jobs in threads that are looked at between jobs, beside threads that are reused unseen",
  measure: async (report) => {
    const slowdowns: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const plain = perJob(await runConsumer("thread-consumer", MARKS, ["plain"]));
      const looked = perJob(await runConsumer("thread-consumer", MARKS, ["looked"]));
      slowdowns.push(plain.jobsPerSecond / looked.jobsPerSecond);
      report.line(`round ${round}: looked at ${shownPerJob(looked)}; unseen ${shownPerJob(plain)}`);
    }
    const spread = spreadOf(slowdowns);
    report.line(`time of a job beside unseen: ${shownSpread(spread)}`);
    report.line(`the median: ${report.atMost("jobs in threads", spread.median, BOUNDS.threadSlowdown)}`);
    report.line(`a fresh thread, to the end of its first job: ${(await freshThreadMs()).toFixed(0)} ms`);
  },
};
