import { BOUNDS } from "../bounds.ts";
import type { Reading } from "../consumer-process.ts";
import { runConsumer } from "../consumers.ts";
import { mebibytes, type Part } from "../report.ts";

const CONCURRENCY = 10;
/** What is under way when a garbage collection comes is in use, too, so that the least of a few readings counts. */
const MARKS = { early: [1_900, 2_000, 2_100], late: [19_900, 20_000, 20_100] } as const;
const KINDS = [
  { name: "in use", of: "worker memory", member: "usedBytes" },
  { name: "resident", of: "worker resident memory", member: "rssBytes" },
] as const;

export const memory: Part = {
  title: "Memory of a worker, after garbage collection",
  measure: async (report) => {
    const readings = await runConsumer("our-consumer", [...MARKS.early, ...MARKS.late], [String(CONCURRENCY)]);
    const [early, late] = [readings.slice(0, MARKS.early.length), readings.slice(MARKS.early.length)];
    for (const { name, of, member } of KINDS) {
      const [before, after] = [leastOf(early, member), leastOf(late, member)];
      const ratio = report.atMost(of, after / before, BOUNDS.workerMemory);
      const [few, many] = [MARKS.early, MARKS.late].map((marks) => Math.max(...marks));
      report.line(`${name} after ${few} jobs ${mebibytes(before)}, after ${many} ${mebibytes(after)}: ${ratio}`);
    }
  },
};

function leastOf(readings: readonly Reading[], member: "usedBytes" | "rssBytes"): number {
  return Math.min(...readings.map((reading) => reading[member]));
}
