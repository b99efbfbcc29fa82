import type { StoredJob } from "../../../domain/job.ts";
import type { AttemptEnd } from "../../../worker/attempt-end.ts";
import type { AbortCode } from "../../../worker/job-aborted-error.ts";
import type { RunOutcome } from "../../../worker/runner.ts";
import type { Step } from "./design.ts";
import { inHand, letGo, published, tellHandler, tellRenewal, write } from "./effects.ts";
import { type Item, isPast, type Present, TYPE } from "./item-table.ts";
import type { HandlerEnd } from "./local-table.ts";
import { acknowledge, done, handBack } from "./message-steps.ts";
import type { Model } from "./model.ts";
import { type World, withLocal } from "./world.ts";

/**
 * worker/attempt.ts and worker/lease-heartbeat.ts. While a handler runs, three things go on side by side, each in steps of
 * its own; all are edges from the one step "attempt":
 *
 * | edge                | the code                                                                                   |
 * |---------------------|--------------------------------------------------------------------------------------------|
 * | publish             | `PublishedVersions.ensure` of the newest version that the attempt knows                    |
 * | the handler ...     | `Attempt.#runHandler`, with every outcome and, at a shutdown, `interrupt`                  |
 * | renew the lease     | `LeaseHeartbeat.#renew`: `store.extendLease`, fenced by the claim                          |
 * | hear of ...         | `LeaseHeartbeat.#poll`, and `Attempt.#learn` or `#loseLease`; after an abort the handler may |
 * |                     | still end in any way                                                                       |
 * | commit              | `Attempt.#commit`: the handler has ended, the newest version is published; `store.transition`|
 *
 * Then, one after the other, `Attempt.#finish`: `publishEnd` is its `ensure`, `acknowledge` its `queue` call.
 *
 * What differs: the event of a version that was replaced meanwhile is published at once or never, where the code may still
 * be trying; a lost lease ends the attempt at once, since the rest of it has no effects.
 */
export const attemptSteps: Readonly<Record<string, Step>> = {
  attempt,
  publishEnd,
  acknowledge: (model, world, slot) => {
    const { transition } = world.processes[slot]!;
    if (transition === "retry" || transition === "release") handBack(model, world, slot);
    else acknowledge(model, world, slot);
  },
};

const failed: RunOutcome = { kind: "failed", code: "Failed", message: "", permanent: false };

const HANDLER_ENDS: Readonly<Record<HandlerEnd, { readonly outcome: RunOutcome; readonly aborted: AbortCode | undefined }>> = {
  returned: { outcome: { kind: "returned", json: undefined }, aborted: undefined },
  failed: { outcome: failed, aborted: undefined },
  "failed for good": { outcome: { ...failed, permanent: true }, aborted: undefined },
  "timed out": { outcome: failed, aborted: "JobTimeout" },
  "stopped by the shutdown": { outcome: failed, aborted: "WorkerShutdown" },
};

export const JOB_TYPE = { name: TYPE, timeoutSeconds: 60, retry: { baseSeconds: 1, maxSeconds: 60 } };

function attempt(model: Model, world: World, slot: number): void {
  const local = world.processes[slot]!;
  const { unpublished, handlerEnd, resends } = local;
  if (!resends) {
    if (unpublished) {
      const next = published(model, world, slot, local.seen);
      model.progress(slot, "publish", withLocal(next, slot, model.locals.of({ ...local, unpublished: false })));
    }
    heartbeat(model, world, slot);
    if (handlerEnd === undefined) endHandler(model, world, slot);
  }
  if (handlerEnd !== undefined && model.design.mayCommit(local)) commit(model, world, slot, handlerEnd);
}

function endHandler(model: Model, world: World, slot: number): void {
  const local = world.processes[slot]!;
  for (const handlerEnd of Object.keys(HANDLER_ENDS) as HandlerEnd[]) {
    if (handlerEnd === "stopped by the shutdown" && !local.stopping) continue;
    tellHandler(model, slot, "handlerEnded", local.seen);
    const next = model.locals.of({ ...local, handlerEnd: representative(model, local.seen as Present, handlerEnd) });
    model.progress(slot, `the handler ${handlerEnd}`, withLocal(world, slot, next));
  }
}

/** Of all ends of the handler that lead to one transition, the first: a cancel request, heard of later, levels them all. */
function representative(model: Model, { job }: Present, handlerEnd: HandlerEnd): HandlerEnd {
  const nameOf = (end: HandlerEnd): string => endOf(model, job, end).name;
  const ends = Object.keys(HANDLER_ENDS) as HandlerEnd[];
  return ends.find((end) => nameOf(end) === nameOf(handlerEnd)) ?? handlerEnd;
}

function endOf({ design }: Model, job: StoredJob, handlerEnd: HandlerEnd): AttemptEnd {
  const { outcome, aborted } = HANDLER_ENDS[handlerEnd];
  return design.attemptEnd(job, outcome, aborted, JOB_TYPE, () => 0);
}

function heartbeat(model: Model, world: World, slot: number): void {
  const { item } = world;
  const known = (world.processes[slot]!.seen as Present).job;
  if (!isHeld(item, known.attempt)) {
    model.progress(slot, "hear of the lost lease", lost(model, world, slot));
    return;
  }
  if (isPast(item)) {
    tellRenewal(model, slot, item);
    model.progress(slot, "renew the lease", { ...world, item: model.items.withLease(item, "alive") });
  }
  if (item.job.version > known.version) model.progress(slot, "hear of the cancel request", learned(model, world, slot, item));
}

function isHeld(item: Item, attempt: number): item is Present {
  return item.job?.attempt === attempt && item.job.status === "RUNNING";
}

/** Nothing is done about the message: it comes back when its visibility timeout ends. */
function lost(model: Model, world: World, slot: number): World {
  const local = world.processes[slot]!;
  if (local.handlerEnd === undefined) tellHandler(model, slot, "handlerEnded", local.seen);
  const message = inHand(world, slot);
  if (message === undefined) return done(model, world, slot);
  const messages = model.messages.replaced(world.messages, message, letGo(message, slot, false));
  return done(model, { ...world, messages }, slot);
}

function learned(model: Model, world: World, slot: number, current: Present): World {
  const seen = model.items.snapshot(current);
  return withLocal(world, slot, model.locals.of({ ...world.processes[slot]!, seen, unpublished: true, resends: false }));
}

function commit(model: Model, world: World, slot: number, handlerEnd: HandlerEnd): void {
  const { seen } = world.processes[slot]!;
  const { job } = seen as Present;
  const end = endOf(model, job, handlerEnd);
  write(model, world, slot, {
    label: end.name,
    replaced: { version: job.version, name: end.name, attempt: job.attempt },
    applied: (next, committed) =>
      withLocal(
        next,
        slot,
        model.locals.next(next.processes[slot]!, { step: "publishEnd", seen: committed, transition: end.name }),
      ),
    refused: (next, current) => (isHeld(current, job.attempt) ? learned(model, next, slot, current) : lost(model, next, slot)),
  });
}

function publishEnd(model: Model, world: World, slot: number): void {
  const local = world.processes[slot]!;
  const next = published(model, world, slot, local.seen);
  model.progress(
    slot,
    "publish the end",
    withLocal(next, slot, model.locals.next(local, { step: "acknowledge", transition: local.transition })),
  );
}
