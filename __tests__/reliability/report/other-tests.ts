import type { Invariant } from "../checker/invariants.ts";

/** Tests outside of this proof that hold an invariant which histories show only in part: paths in `__tests__`, without `.ts` and, where it ends in that, `.test`. */
const PATHS: Readonly<Partial<Record<Invariant, string>>> = {
  2: "handlers/jobs/add-job handlers/http/validator",
  3: "handlers/jobs/add-job-once",
  5: "domain/transitions domain/transition-update",
  18: "domain/newer-state local/job-board",
  20: "handlers/jobs/dead-letter worker/put-back",
  21: "scaling/evaluate-scaling local/aws/autoscaler local/aws/fleet worker/task-protection",
  22: "worker/job-worker-shutdown",
  23: "domain/clients worker/poller",
  24:
    "worker/leases/heartbeat worker/leases/lease-keeper worker/main-thread-watch " +
    "worker/runners/threads/thread-leaks.limits-test worker/runners/threads/thread-runner",
  25: "modules/iam worker/message-decision handlers/jobs/dead-letter domain/queue-names",
  27:
    "worker/runners/threads/thread-runner worker/runners/threads/thread-leftovers worker/runners/threads/thread-strays " +
    "worker/runners/threads/thread-floods.limits-test worker/runners/threads/thread-not-started worker/job-worker-not-begun worker/runners/inline-runner worker/last-chance " +
    "worker/line-limits worker/runners/commands/command-floods.limits-test worker/runners/commands/processes worker/runners/commands/folder",
  28:
    "domain/job-json domain/json-number handlers/jobs/add-job-inputs worker/runners/handler-input worker/attempt-result " +
    "worker/runners/commands/result worker/job-worker-payloads",
  29: "domain/transitions domain/transition-update handlers/jobs/add-job worker/job-worker-failures worker/job-worker-messages",
  30: "handlers/jobs/batches/add-batch",
  31: "domain/batch-store handlers/jobs/batches/follow-batch handlers/jobs/batches/read-and-cancel",
  33: "domain/job-id handlers/jobs/retry-job",
  34:
    "domain/job-files handlers/jobs/add-job-files handlers/jobs/create-upload handlers/jobs/retry-job worker/file-source " +
    "worker/job-worker-files",
  36:
    "domain/controls worker/pause-watch worker/job-worker-pause handlers/jobs/controls/pause-job-type handlers/jobs/controls/settle-control " +
    "handlers/jobs/wake-others handlers/jobs/raise-count local/pause",
  37: "handlers/jobs/raise-count handlers/jobs/wake-burst scaling/fast-path",
  35: "domain/job-store worker/job-worker-checkpoints worker/newest-write",
};

/** The files of those tests, from the checkout's root. */
export function otherTests(invariant: Invariant): string[] {
  return PATHS[invariant]?.split(" ").map((path) => `__tests__/${path.includes(".") ? path : `${path}.test`}.ts`) ?? [];
}
