import { deleted, inHand, letGo, putBack } from "./effects.ts";
import { JOB_ID } from "./item-table.ts";
import type { Message } from "./messages.ts";
import type { Model } from "./model.ts";
import { type World, withLocal } from "./world.ts";

/** How a worker lets go of a message: the last effect of its handling. */

/** The message has been dealt with: a worker that shuts down ends here, and another takes its place. */
export function done(model: Model, world: World, slot: number): World {
  if (world.processes[slot]!.stopping) model.onFact?.({ kind: "gone", by: model.nameOf(slot), how: "exited" });
  return withLocal(world, slot, model.locals.idle);
}

export function acknowledge(model: Model, world: World, slot: number): void {
  model.progress(slot, "delete", done(model, deleted(model, world, slot, JOB_ID), slot));
  const message = inHand(world, slot);
  if (message === undefined) return;
  if (isShared(message)) model.progress(slot, "delete by a stale handle", left(model, world, slot, message));
  const again = (): World => done(model, putBack(model, world, slot), slot);
  model.spending("duplicates", world, slot, "delete, but the message comes again", again);
}

export function handBack(model: Model, world: World, slot: number): void {
  model.progress(slot, "put back", done(model, putBack(model, world, slot), slot));
  const message = inHand(world, slot);
  if (message !== undefined && isShared(message)) {
    model.progress(slot, "put back by a stale handle", left(model, world, slot, message));
  }
}

/** SQS takes no notice: the message stays with those who hold it, too. */
function left(model: Model, world: World, slot: number, message: Message): World {
  const messages = model.messages.replaced(world.messages, message, letGo(message, slot, false));
  return done(model, { ...world, messages }, slot);
}

/** Whether somebody else got the message too: the older of their handles may have gone stale. */
function isShared({ holders }: Message): boolean {
  return (holders & (holders - 1)) !== 0;
}
