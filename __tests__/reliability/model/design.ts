import { applyTransition } from "../../../domain/transition-apply.ts";
import { closing } from "../../../handlers/close-dead-letter.ts";
import { cancelStep } from "../../../handlers/request-cancel.ts";
import { attemptEnd } from "../../../worker/attempt-end.ts";
import { decideOnMessage } from "../../../worker/message-decision.ts";
import { missingDelaySeconds } from "../../../worker/put-back.ts";
import { addJobMachine } from "./add-job-machine.ts";
import { cancelJobMachine } from "./cancel-job-machine.ts";
import { deadLetterMachine } from "./dead-letter-machine.ts";
import type { LocalState } from "./local-table.ts";
import type { Model } from "./model.ts";
import { surroundings } from "./surroundings.ts";
import { workerMachine } from "./worker-machine.ts";
import type { World } from "./world.ts";

export type ProcessKind = "worker" | "add job" | "cancel job" | "dead letter";

/** The one effect that a process makes next, with every way in which it can turn out. */
export type Step = (model: Model, world: World, slot: number) => void;

/** The steps of a kind of process, by the name under which its state waits for them. */
export type Machine = Readonly<Record<string, Step>>;

/**
 * What is explored: the transition table and the decisions of the real code, and the order of its effects. The mutants
 * replace one of these.
 */
export interface Design {
  readonly apply: typeof applyTransition;
  readonly decideOnMessage: typeof decideOnMessage;
  readonly missingDelaySeconds: typeof missingDelaySeconds;
  readonly attemptEnd: typeof attemptEnd;
  readonly cancelStep: typeof cancelStep;
  readonly closing: typeof closing;
  /** Whether an attempt whose handler has ended may commit that: `Attempt.#commit` waits for the event of what it replaces. */
  readonly mayCommit: (attempt: LocalState) => boolean;
  readonly machines: Readonly<Record<ProcessKind, Machine>>;
  readonly surroundings: readonly ((model: Model, world: World) => void)[];
}

export const DESIGN: Design = {
  apply: applyTransition,
  decideOnMessage,
  missingDelaySeconds,
  attemptEnd,
  cancelStep,
  closing,
  mayCommit: ({ unpublished }) => !unpublished,
  machines: {
    worker: workerMachine(),
    "add job": addJobMachine(),
    "cancel job": cancelJobMachine(),
    "dead letter": deadLetterMachine(),
  },
  surroundings,
};
