import { type ColdStart, measureColdStarts, nodeStartMs } from "../cold-starts.ts";
import type { Part } from "../report.ts";
import { shownSpread, spreadOf } from "../spread.ts";

const ROUNDS = 9;

export const coldStart: Part = {
  title:
    "Cold start of a worker, from the start of its process to its first claim, beside a consumer of nothing but sqs-consumer",
  measure: async (report) => {
    const { worker, "bare consumer": bare } = await measureColdStarts(ROUNDS);
    const node = spreadOf(Array.from({ length: ROUNDS }, nodeStartMs));
    report.line(`Node alone, in ms: ${shownSpread(node, 0)}`);
    for (const [name, starts] of Object.entries({ worker, "bare consumer": bare })) {
      const spread = (of: (start: ColdStart) => number): string => shownSpread(spreadOf(starts.map(of)), 0);
      report.line(`${name}, in ms: first claim ${spread(({ claimMs }) => claimMs)}`);
      report.line(`  of that, until its first call to the table ${spread(({ firstCallMs }) => firstCallMs)}`);
    }
    const ratios = worker.map(({ claimMs }, round) => claimMs / (bare[round]?.claimMs ?? Number.NaN));
    report.line(`the worker's first claim beside the bare consumer's: ${shownSpread(spreadOf(ratios))}`);
  },
};
