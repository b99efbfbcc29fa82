import { edit, type Mutant } from "./mutant.ts";

/** Guards of what a job leaves in its thread, and of workers that cannot begin attempts. */
export const THREAD_MUTANTS: readonly Mutant[] = [
  {
    name: "keeping a thread in which a job has left something",
    edits: [edit("worker/runners/threads/thread-runner.ts", "threadRunner.giveBack", "left.length === 0", "left.length >= 0")],
    breaks: [27],
    killer: "a job that leaves something in its thread",
  },
  {
    name: "handing a job back without stopping, where no attempt can begin",
    edits: [edit("worker/job-worker.ts", "JobWorker.#giveUp", "void this.stop();", "")],
    breaks: [27],
    killer: "a worker that cannot begin attempts",
  },
];
