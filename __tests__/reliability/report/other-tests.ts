import type { Invariant } from "../checker/invariants.ts";

/** Tests outside of this proof that hold an invariant which histories show only in part. */
export const OTHER_TESTS: Readonly<Partial<Record<Invariant, readonly string[]>>> = {
  2: ["__tests__/handlers/add-job.test.ts", "__tests__/handlers/validator.test.ts"],
  3: ["__tests__/handlers/add-job-once.test.ts"],
  5: ["__tests__/domain/transitions.test.ts", "__tests__/domain/transition-update.test.ts"],
  18: ["__tests__/domain/newer-state.test.ts", "__tests__/local/job-board.test.ts"],
  20: ["__tests__/handlers/dead-letter.test.ts", "__tests__/worker/put-back.test.ts"],
  21: [
    "__tests__/scaling/evaluate-scaling.test.ts",
    "__tests__/local/autoscaler.test.ts",
    "__tests__/local/fleet.test.ts",
    "__tests__/worker/task-protection.test.ts",
  ],
  22: ["__tests__/worker/job-worker-shutdown.test.ts"],
  23: ["__tests__/domain/clients.test.ts", "__tests__/worker/poller.test.ts"],
  24: [
    "__tests__/worker/lease-heartbeat.test.ts",
    "__tests__/worker/lease-keeper.test.ts",
    "__tests__/worker/main-thread-watch.test.ts",
    "__tests__/worker/thread-limits.test.ts",
    "__tests__/worker/thread-runner.test.ts",
  ],
  25: [
    "__tests__/modules/iam.test.ts",
    "__tests__/worker/message-decision.test.ts",
    "__tests__/handlers/dead-letter.test.ts",
    "__tests__/domain/queue-names.test.ts",
  ],
  27: [
    "__tests__/worker/thread-runner.test.ts",
    "__tests__/worker/last-chance.test.ts",
    "__tests__/worker/line-limits.test.ts",
    "__tests__/worker/command-floods.test.ts",
    "__tests__/worker/command-processes.test.ts",
    "__tests__/worker/command-folder.test.ts",
  ],
  28: [
    "__tests__/domain/job-json.test.ts",
    "__tests__/domain/json-number.test.ts",
    "__tests__/handlers/add-job-inputs.test.ts",
    "__tests__/worker/handler-input.test.ts",
    "__tests__/worker/attempt-result.test.ts",
    "__tests__/worker/command-result.test.ts",
    "__tests__/worker/job-worker-payloads.test.ts",
  ],
  29: [
    "__tests__/domain/transitions.test.ts",
    "__tests__/domain/transition-update.test.ts",
    "__tests__/handlers/add-job.test.ts",
    "__tests__/worker/job-worker-failures.test.ts",
    "__tests__/worker/job-worker-messages.test.ts",
  ],
};
