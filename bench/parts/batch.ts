import { measureBatch } from "../batches.ts";
import { BOUNDS } from "../bounds.ts";
import type { Part } from "../report.ts";

export const batch: Part = {
  title: "A batch of as many jobs as it may have, on this machine's platform",
  measure: async (report) => {
    const { jobs, seconds, callsPerJob } = await measureBatch();
    report.line(`${jobs} jobs, in seconds: ${report.atMost("a batch", seconds, BOUNDS.batchSeconds)}`);
    report.line(`calls to AWS per job: ${report.atMost("calls of a batch", callsPerJob, BOUNDS.batchCallsPerJob)}`);
  },
};
