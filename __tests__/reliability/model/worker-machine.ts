import { isTerminal } from "../../../domain/job.ts";
import type { TransitionName } from "../../../domain/transitions.ts";
import { attemptSteps, JOB_TYPE } from "./attempt-steps.ts";
import type { Step } from "./design.ts";
import { ageSeconds, published, putBack, received, write } from "./effects.ts";
import { type Item, JOB_ID, NOW, type Present } from "./item-table.ts";
import { acknowledge, done, handBack } from "./message-steps.ts";
import type { Message } from "./messages.ts";
import type { Model } from "./model.ts";
import { type World, withLocal } from "./world.ts";

/** `MAX_ROUNDS` of worker/claim.ts. */
const MAX_ROUNDS = 5;

/**
 * worker/poller.ts, worker/job-worker.ts and worker/claim.ts, for one slot of a worker, effect by effect:
 *
 * | step            | the code                                                                              |
 * |-----------------|---------------------------------------------------------------------------------------|
 * | idle            | `Poller.run`: `queue.receive`; `JobWorker.#process` has no effect before `claim`      |
 * | claim           | `claim`: the first `store.transition`, for version 1, without a read                  |
 * | read            | `claim`: the `store.get` of a message that is too old                                 |
 * | publishReplaced | `claim`: `events.publish(job)`; `ended` and `early` return, and `stopping()` is asked  |
 * | replace         | `claim`: `store.transition(job, decision.name)`; refused, it decides again            |
 * | publishClosed   | `claim`: `events.publish(write.job)` of a job that it ended                           |
 * | delete          | `JobWorker.#process`, "ended": `queue.delete`                                         |
 * | putBack         | `JobWorker.#process`, "leased", "early" and "stopping": `queue.setVisibility`         |
 * | missing         | `JobWorker.#process`, "missing": `queue.setVisibility` or `queue.delete`                |
 * | attempt, ...    | `Attempt`: see attempt-steps.ts                                                       |
 *
 * What differs: a call that fails for good ends the message's handling, as a crash does, and the worker receives on;
 * delays end at any moment; the place for last chances (worker/last-chance.ts) is always free, since it belongs to one
 * worker and this worker has one job; a job that ended is kept for as long as the exploration goes on, so nothing takes its
 * place (`mayBeReplaced`).
 */
export function workerMachine(): Readonly<Record<string, Step>> {
  return {
    idle,
    claim,
    read,
    publishReplaced,
    replace,
    publishClosed,
    delete: acknowledge,
    putBack: handBack,
    missing,
    ...attemptSteps,
  };
}

function idle(model: Model, world: World, slot: number): void {
  for (const message of new Set(world.messages.list)) {
    if (message.place !== "queue") continue;
    const take = (): World => taken(model, world, slot, message);
    if (message.visible) model.progress(slot, "receive", take());
    else model.spending("duplicates", world, slot, "receive a hidden message", take);
  }
}

function taken(model: Model, world: World, slot: number, message: Message): World {
  const step = model.configuration.expired ? "read" : "claim";
  const local = model.locals.next(world.processes[slot]!, { step, ageSeconds: ageSeconds(message) });
  return withLocal(received(model, world, slot, message, JOB_ID), slot, local);
}

function claim(model: Model, world: World, slot: number): void {
  write(model, world, slot, {
    label: "claim version 1",
    replaced: { version: 1, name: "claim", attempt: 0 },
    applied: (next, seen) => claimed(model, next, slot, seen),
    refused: (next, current) => decide(model, next, slot, current, 0),
  });
}

function read(model: Model, world: World, slot: number): void {
  model.progress(slot, "read", decide(model, world, slot, world.item, 0));
}

/** `decideOnMessage`, and what `claim` returns for it. */
function decide(model: Model, world: World, slot: number, current: Item, round: number): World {
  const before = world.processes[slot]!;
  const go = (state: Parameters<typeof model.locals.next>[1]): World => withLocal(world, slot, model.locals.next(before, state));
  if (round >= MAX_ROUNDS) return go({ step: "putBack" });
  const decision = model.design.decideOnMessage(current.job, JOB_TYPE, NOW);
  if (decision.kind === "missing") return go({ step: "missing", ageSeconds: before.ageSeconds });
  if (decision.kind === "leased") return go({ step: "putBack" });
  const seen = model.items.snapshot(current as Present);
  if (decision.kind === "ended" || decision.kind === "early") return go({ step: "publishReplaced", seen });
  return go({ step: "publishReplaced", seen, transition: decision.name, round });
}

function publishReplaced(model: Model, world: World, slot: number): void {
  model.progress(
    slot,
    "publish what it found",
    afterReplaced(model, published(model, world, slot, world.processes[slot]!.seen), slot),
  );
}

/** A state that is not to be replaced has ended, or may not start yet. */
function afterReplaced(model: Model, world: World, slot: number): World {
  const local = world.processes[slot]!;
  if (local.transition === undefined) {
    const step = isTerminal((local.seen as Present).job) ? "delete" : "putBack";
    return withLocal(world, slot, model.locals.next(local, { step }));
  }
  if (local.stopping) return withLocal(world, slot, model.locals.next(local, { step: "putBack" }));
  return withLocal(world, slot, model.locals.of({ ...local, step: "replace" }));
}

function replace(model: Model, world: World, slot: number): void {
  const { seen, transition, round } = world.processes[slot]!;
  const name = transition as TransitionName;
  const { version } = (seen as Present).job;
  write(model, world, slot, {
    label: name,
    replaced: { version, name, attempt: 0 },
    applied: (next, committed) =>
      name === "claim" || name === "takeOver"
        ? claimed(model, next, slot, committed)
        : withLocal(next, slot, model.locals.next(next.processes[slot]!, { step: "publishClosed", seen: committed })),
    refused: (next, current) => decide(model, next, slot, current, round + 1),
  });
}

function claimed(model: Model, world: World, slot: number, seen: Present): World {
  return withLocal(world, slot, model.locals.next(world.processes[slot]!, { step: "attempt", seen, unpublished: true }));
}

function publishClosed(model: Model, world: World, slot: number): void {
  const local = world.processes[slot]!;
  const next = published(model, world, slot, local.seen);
  model.progress(slot, "publish the end", withLocal(next, slot, model.locals.next(local, { step: "delete" })));
}

function missing(model: Model, world: World, slot: number): void {
  const { ageSeconds } = world.processes[slot]!;
  const seconds = model.design.missingDelaySeconds({ ageSeconds, receiveCount: 1 });
  if (seconds === undefined) acknowledge(model, world, slot);
  else model.progress(slot, "put back", done(model, putBack(model, world, slot), slot));
}
