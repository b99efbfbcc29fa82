import { deadLetteredFact, inHand, letGo } from "./effects.ts";
import { isPast, isWaiting, JOB_ID, type Present, SETTLED } from "./item-table.ts";
import { IDLE } from "./local-table.ts";
import type { Model } from "./model.ts";
import { type World, withLocal } from "./world.ts";

/** What happens to processes and messages, whatever they are about to do. */
export const surroundings = [leaseRunsOut, waitEnds, crash, tellToShutDown, deadLetter] as const;

/** How the edge is called with which a lease ends. */
export const LEASE_RUNS_OUT = "the lease runs out";

/** How the edge is called with which a wait ends. */
export const WAIT_ENDS = "the wait is over";

/** Steps at which a claim is under way: a signal that comes meanwhile is noticed after it, as if it had come then. */
const CLAIMING: ReadonlySet<string> = new Set(["claim", "replace"]);

/**
 * A lease runs out once its worker is gone. While the worker lives and renews it, only a fault can end it: a pause, lost
 * heartbeats, or the clock of who looks at it.
 */
function leaseRunsOut(model: Model, world: World): void {
  const { item } = world;
  if (item.job?.leaseExpiresAt === undefined || isPast(item)) return;
  const { attempt } = item.job;
  const expired = (): World => ({ ...world, item: model.items.withLease(item as Present, "past") });
  const isAlive = world.processes.some(({ step, seen, resends }, slot) => {
    const works = step === "attempt" && seen.job?.attempt === attempt;
    return works || (resends && item.writer === slot);
  });
  if (isAlive) model.spending("leaseExpiries", world, undefined, LEASE_RUNS_OUT, expired);
  else model.progress(undefined, LEASE_RUNS_OUT, expired());
}

/** A delay or a wait for a retry ends, in its own time: messages come as they please. */
function waitEnds(model: Model, world: World): void {
  const { item } = world;
  if (isWaiting(item)) model.progress(undefined, WAIT_ENDS, { ...world, item: model.items.withWait(item as Present, "past") });
}

/** A process dies, and forgets everything: its messages come back, and a new process may take its place. */
function crash(model: Model, world: World): void {
  for (const [slot, { step }] of world.processes.entries()) {
    if (step === IDLE) continue;
    model.spending("crashes", world, slot, "crash", () => {
      model.onFact?.({ kind: "gone", by: model.nameOf(slot), how: "killed" });
      const message = inHand(world, slot);
      const messages =
        message === undefined ? world.messages : model.messages.replaced(world.messages, message, letGo(message, slot, false));
      return {
        ...withLocal(world, slot, model.locals.idle),
        item: world.item.writer === slot ? model.items.writtenBy(world.item, SETTLED) : world.item,
        messages: model.messages.orphaned(messages, slot),
      };
    });
  }
}

function tellToShutDown(model: Model, world: World): void {
  for (const [slot, local] of world.processes.entries()) {
    if (model.configuration.processes[slot] !== "worker") continue;
    if (local.step === IDLE || local.stopping || CLAIMING.has(local.step)) continue;
    model.spending("shutdowns", world, slot, "SIGTERM", () => {
      model.onFact?.({ kind: "told", by: model.nameOf(slot) });
      return withLocal(world, slot, model.locals.of({ ...local, stopping: true }));
    });
  }
}

/**
 * SQS gives a message up after a hundred receives, which is long after the add-job Lambda that sent it has ended; somebody
 * redrives a dead letter.
 */
function deadLetter(model: Model, world: World): void {
  if (world.item.job === undefined) return;
  for (const message of new Set(world.messages.list)) {
    if (!message.visible) continue;
    const place = message.place === "queue" ? "deadLetters" : "queue";
    const label = place === "deadLetters" ? "the message becomes a dead letter" : "a redrive";
    model.spending("deadLetters", world, undefined, label, () => {
      if (place === "deadLetters") model.onFact?.(deadLetteredFact(message, JOB_ID));
      return { ...world, messages: model.messages.replaced(world.messages, message, { ...message, place, holders: 0 }) };
    });
  }
}
