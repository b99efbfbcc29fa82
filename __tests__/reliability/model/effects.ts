import { ADD_JOB_TIMEOUT_SECONDS } from "../../../domain/limits.ts";
import type { TransitionName } from "../../../domain/transitions.ts";
import { publicEvent, publicJob } from "../../support/public-job.ts";
import type { ApiRequest, Fact } from "../history/fact.ts";
import { checkAnswer, checkCommit, checkDelete, checkPublish } from "./invariant-checks.ts";
import { type Item, NOW, type Present, SETTLED } from "./item-table.ts";
import type { Message } from "./messages.ts";
import type { Model } from "./model.ts";
import { QUEUES } from "./process-names.ts";
import { type World, withLocal } from "./world.ts";

/** The effects of which all machines are made. Each checks what must hold of it and, in a replayed trace, tells its fact. */

export interface Write {
  readonly label: string;
  /** The version that it replaces; undefined where it creates the item. */
  readonly replaced: { readonly version: number; readonly name: TransitionName; readonly attempt: number } | undefined;
  /** What the process goes on to; `seen` is the committed version. */
  readonly applied: (world: World, seen: Present) => World;
  /** The condition failed: `current` stands in its way. */
  readonly refused: (world: World, current: Item) => World;
}

/**
 * A conditional write, as `JobStore` makes it: a failed condition brings the stored item along, and a write whose answer
 * was lost is made again and recognises itself.
 */
export function write(model: Model, world: World, slot: number, { label, replaced, applied, refused }: Write): void {
  const { item } = world;
  const next = outcomeOf(model, item, slot, replaced);
  if (next === undefined) {
    const own = item.writer === slot;
    const settled = { ...world, item: own ? model.items.writtenBy(item, SETTLED) : item };
    if (own) model.progress(slot, `${label}: was its own`, applied(settled, model.items.snapshot(item as Present)));
    else model.progress(slot, `${label}: refused`, refused(settled, item));
    return;
  }
  const committed = (writer: number): World => commit(model, world, slot, model.items.writtenBy(next, writer), replaced?.name);
  model.progress(slot, label, applied(committed(SETTLED), model.items.snapshot(next)));
  model.spending("lostAnswers", world, slot, `${label}: committed, its answer lost`, () => {
    const resending = model.locals.of({ ...world.processes[slot]!, resends: true });
    return withLocal(committed(slot), slot, resending);
  });
}

function outcomeOf({ items }: Model, item: Item, slot: number, replaced: Write["replaced"]): Present | undefined {
  if (replaced === undefined) return item.job === undefined ? items.created(slot) : undefined;
  if (item.job === undefined) return undefined;
  return items.transition(item as Present, replaced.version, replaced.name, replaced.attempt, slot);
}

function commit(model: Model, world: World, slot: number, next: Present, name: TransitionName | undefined): World {
  checkCommit(model, world, slot, next, name);
  if (model.onFact !== undefined) {
    const lastWriteId = `write of version ${next.job.version}`;
    model.onFact({ kind: "committed", by: model.nameOf(slot), job: { ...model.told(next.job), lastWriteId } });
  }
  if (name === "claim" || name === "takeOver") tellHandler(model, slot, "handlerStarted", next);
  return { ...world, item: next, messages: model.messages.orphaned(world.messages) };
}

export function tellHandler(model: Model, slot: number, kind: "handlerStarted" | "handlerEnded", { job }: Item): void {
  if (job === undefined || model.onFact === undefined) return;
  const { id, attempt } = model.told(job);
  model.onFact({ kind, by: model.nameOf(slot), jobId: id, attempt });
}

/** When the lease then ends, the replay of the trace tells. */
export function tellRenewal(model: Model, slot: number, { job }: Present): void {
  if (model.onFact === undefined) return;
  const { id: jobId, attempt } = model.told(job);
  model.onFact({ kind: "leaseExtended", by: model.nameOf(slot), jobId, attempt, leaseExpiresAt: NOW });
}

/** SNS takes the event of a version. */
export function published(model: Model, world: World, slot: number, seen: Item): World {
  checkPublish(model, world, seen);
  const { job } = seen as Present;
  model.onFact?.({ kind: "published", by: model.nameOf(slot), event: publicEvent(model.told(job)) });
  return { ...world, published: world.published | (1 << job.version) };
}

/** The ages of a message whose job may yet be created, and of one whose job may not. */
export function ageSeconds({ creator }: Message): number {
  return creator === 0 ? 3 * ADD_JOB_TIMEOUT_SECONDS : 0;
}

/** SQS takes a message. */
export function sent(model: Model, world: World, slot: number, jobId: string): World {
  const creator = world.item.job === undefined ? slot : 0;
  const message: Message = { place: "queue", visible: true, holders: 0, creator, name: model.nextMessageName() };
  tellMessage(model, "sent", slot, message, jobId);
  return { ...world, messages: model.messages.with(world.messages, message) };
}

/** A process gets a message, and with it a receipt handle. */
export function received(model: Model, world: World, slot: number, message: Message, jobId: string): World {
  const held: Message = { ...message, visible: false, holders: message.holders | (1 << slot) };
  tellMessage(model, "received", slot, held, jobId);
  return { ...world, messages: model.messages.replaced(world.messages, message, held) };
}

/** The message that a process holds a handle of; undefined where another's delete took it. */
export function inHand({ messages }: World, slot: number): Message | undefined {
  return messages.list.find(({ holders }) => (holders & (1 << slot)) !== 0);
}

/** The message comes back, after a delay that ends at any moment. */
export function putBack(model: Model, world: World, slot: number): World {
  const message = inHand(world, slot);
  if (message === undefined) return world;
  return { ...world, messages: model.messages.replaced(world.messages, message, letGo(message, slot, true)) };
}

/** The process is done with the message, which stays as it is for its other holders. */
export function letGo(message: Message, slot: number, visible: boolean): Message {
  const holders = message.holders & ~(1 << slot);
  return { ...message, holders, visible: visible || message.visible || holders === 0 };
}

/** SQS takes a delete of the message in hand. */
export function deleted(model: Model, world: World, slot: number, jobId: string): World {
  const message = inHand(world, slot);
  if (message === undefined) return world;
  checkDelete(model, world, slot, message);
  tellMessage(model, "deleted", slot, message, jobId);
  return { ...world, messages: model.messages.replaced(world.messages, message, undefined) };
}

export function answered(model: Model, world: World, slot: number, request: ApiRequest, status: number, seen?: Item): void {
  checkAnswer(model, world, status, seen);
  if (model.onFact === undefined) return;
  const job = seen?.job === undefined ? {} : { job: publicJob(model.told(seen.job)) };
  model.onFact({ kind: "answered", client: `client ${slot}`, request, status, ...job });
}

function tellMessage(model: Model, kind: "sent" | "received" | "deleted", slot: number, message: Message, jobId: string): void {
  if (model.onFact === undefined) return;
  const { place, name } = message;
  const fact = { by: model.nameOf(slot), queue: QUEUES[place], messageId: String(name), jobId };
  if (kind === "received") model.onFact({ kind, ...fact, ageSeconds: ageSeconds(message) });
  else model.onFact({ kind, ...fact });
}

export function deadLetteredFact(message: Message, jobId: string): Fact {
  return { kind: "deadLettered", queue: QUEUES[message.place], messageId: String(message.name), jobId };
}
