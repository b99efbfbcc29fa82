import type { TransitionName } from "../../../domain/transitions.ts";
import type { Step } from "./design.ts";
import { answered, published, write } from "./effects.ts";
import { type Item, JOB_ID, type Present } from "./item-table.ts";
import type { Model } from "./model.ts";
import { type World, withLocal } from "./world.ts";

/** `MAX_ROUNDS` of handlers/request-cancel.ts. */
const MAX_ROUNDS = 5;

/**
 * `cancelJob` of handlers/request-cancel.ts, effect by effect:
 *
 * | step           | the code                                                                                 |
 * |----------------|------------------------------------------------------------------------------------------|
 * | read           | `store.get`; `visibleJob` and `cancelStep` answer 404 and 409                            |
 * | publishRead    | `events.publish(job)`; without a transition `jsonResponse` follows                       |
 * | write          | `store.transition`; refused, it decides on the item that stands in its way               |
 * | publishWritten | `events.publish(outcome.job)`, then `jsonResponse`                                       |
 */
export function cancelJobMachine(): Readonly<Record<string, Step>> {
  return { idle, read, publishRead, write: writeCancel, publishWritten };
}

function idle(model: Model, world: World, slot: number): void {
  const { idle: before } = model.locals;
  model.spending("cancels", world, slot, "request", () => withLocal(world, slot, model.locals.next(before, { step: "read" })));
}

function read(model: Model, world: World, slot: number): void {
  model.progress(slot, "read", decide(model, world, slot, world.item, 0));
}

function decide(model: Model, world: World, slot: number, current: Item, round: number): World {
  const request = { operation: "cancel", jobId: JOB_ID } as const;
  const idleAgain = withLocal(world, slot, model.locals.idle);
  if (round >= MAX_ROUNDS || current.job === undefined) {
    answered(model, world, slot, request, current.job === undefined ? 404 : 503);
    return idleAgain;
  }
  const step = cancelStepOf(model, current as Present);
  if (step === "ended") {
    answered(model, world, slot, request, 409);
    return idleAgain;
  }
  const seen = model.items.snapshot(current as Present);
  const publishing = { step: "publishRead", seen, transition: step.transition, round };
  return withLocal(world, slot, model.locals.next(world.processes[slot]!, publishing));
}

/** `cancelStep` throws for a job that succeeded or failed. Errors are dear, so each item is asked about once. */
function cancelStepOf({ design, cancelSteps }: Model, { id, job }: Present): { readonly transition?: TransitionName } | "ended" {
  let step = cancelSteps.get(id);
  if (step === undefined) {
    try {
      step = design.cancelStep(job);
    } catch {
      step = "ended";
    }
    cancelSteps.set(id, step);
  }
  return step;
}

function publishRead(model: Model, world: World, slot: number): void {
  const local = world.processes[slot]!;
  const next = published(model, world, slot, local.seen);
  if (local.transition === undefined) answer(model, next, slot, "publish what it read");
  else model.progress(slot, "publish what it read", withLocal(next, slot, model.locals.of({ ...local, step: "write" })));
}

function writeCancel(model: Model, world: World, slot: number): void {
  const { seen, transition, round } = world.processes[slot]!;
  const name = transition as TransitionName;
  write(model, world, slot, {
    label: name,
    replaced: { version: (seen as Present).job.version, name, attempt: 0 },
    applied: (next, committed) => {
      const publishing = { step: "publishWritten", seen: committed };
      return withLocal(next, slot, model.locals.next(next.processes[slot]!, publishing));
    },
    refused: (next, current) => decide(model, next, slot, current, round + 1),
  });
}

function publishWritten(model: Model, world: World, slot: number): void {
  answer(model, published(model, world, slot, world.processes[slot]!.seen), slot, "publish");
}

/** Nobody else sees anything between the last event and the answer: they are one step. */
function answer(model: Model, world: World, slot: number, label: string): void {
  const { seen } = world.processes[slot]!;
  const status = seen.job?.status === "CANCELLED" ? 200 : 202;
  answered(model, world, slot, { operation: "cancel", jobId: JOB_ID }, status, seen);
  model.progress(slot, `${label}, answer ${status}`, withLocal(world, slot, model.locals.idle));
}
