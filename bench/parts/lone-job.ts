import { BOUNDS } from "../bounds.ts";
import { measureLoneJobs } from "../lone-jobs.ts";
import type { Part } from "../report.ts";
import { shownSpread, spreadOf } from "../spread.ts";

const ROUNDS = 5;

export const loneJob: Part = {
  title: "A job that comes alone, from its handler's end to the answer to its event, beside the raw calls",
  measure: async (report) => {
    const rounds: { readonly ours: number; readonly raw: number }[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      rounds.push({ raw: await measureLoneJobs("lone-raw"), ours: await measureLoneJobs("lone-worker") });
    }
    report.line(`the worker, in ms: ${shownSpread(spreadOf(rounds.map(({ ours }) => ours)))}`);
    report.line(`the raw calls, in ms: ${shownSpread(spreadOf(rounds.map(({ raw }) => raw)))}`);
    const more = spreadOf(rounds.map(({ ours, raw }) => ours - raw));
    report.line(`more, in ms: ${shownSpread(more)}`);
    report.line(`the median: ${report.atMost("a job that comes alone, ms", more.median, BOUNDS.loneJobMs)}`);
  },
};
