import { BOUNDS } from "../bounds.ts";
import { type ListReading, measureOwnerLists } from "../owner-lists.ts";
import type { Part } from "../report.ts";

/** Jobs of others, and of a caller who lists a page of 20. */
const LISTED = { others: 200_000, own: 30 } as const;

export const ownerLists: Part = {
  title: "The first page of a caller's jobs where access is by owner, on dynalite",
  measure: async (report) => {
    const { alone, among, none } = await measureOwnerLists(LISTED.others, LISTED.own);
    report.line(`with no jobs of others: ${shown(alone)}`);
    report.line(`with ${LISTED.others} jobs of others: ${shown(among)}; of a caller without jobs: ${shown(none)}`);
    const calls = report.atMost("calls of a list by owner", Math.max(among.calls, none.calls), BOUNDS.ownerListCalls);
    report.line(`calls to DynamoDB: ${calls}`);
    const time = report.atMost("time of a list by owner", among.ms / alone.ms, BOUNDS.ownerListSlowdown);
    report.line(`time beside none of others: ${time}`);
  },
};

function shown({ jobs, calls, ms }: ListReading): string {
  return `${jobs} jobs, ${calls} calls, ${ms.toFixed(1)} ms`;
}
