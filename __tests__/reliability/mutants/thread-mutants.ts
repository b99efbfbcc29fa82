import type { Mutant } from "./mutant.ts";

/** Guards of what a job leaves in its thread, and of workers that cannot begin attempts. */
export const THREAD_MUTANTS: readonly Mutant[] = [
  {
    name: "keeping a thread in which a job has left something",
    edits: [{ file: "worker/thread-runner.ts", find: "if (left.length === 0) {", replace: "if (left.length >= 0) {" }],
    breaks: [27],
    killer: "a job that leaves something in its thread",
  },
  {
    name: "handing a job back without stopping, where no attempt can begin",
    edits: [
      { file: "worker/job-worker.ts", find: "    void this.stop();\n    onNotBegun?.();\n", replace: "    onNotBegun?.();\n" },
    ],
    breaks: [27],
    killer: "a worker that cannot begin attempts",
  },
];
