import { isLeased, isTerminal } from "../../../domain/job.ts";
import type { TransitionName } from "../../../domain/transitions.ts";
import type { Step } from "./design.ts";
import { deleted, inHand, letGo, published, received, sent, write } from "./effects.ts";
import { type Item, JOB_ID, NOW, type Present } from "./item-table.ts";
import type { Model } from "./model.ts";
import { type World, withLocal } from "./world.ts";

/** `MAX_ROUNDS` of handlers/close-dead-letter.ts. */
const MAX_ROUNDS = 5;

/**
 * `closeDeadLetter` of handlers/close-dead-letter.ts for one message, effect by effect, and the event source mapping that
 * brings and deletes it:
 *
 * | step           | the code                                                                                 |
 * |----------------|------------------------------------------------------------------------------------------|
 * | idle           | the event source mapping receives a dead letter                                          |
 * | read           | `store.get`                                                                              |
 * | sendBack       | `sendBack`: `queue.send`, for a job that a worker holds                                  |
 * | publishRead    | `events.publish(job)`; a job that ended needs no more                                    |
 * | write          | `store.transition(job, closing(job))`; refused, it looks at what stands in its way       |
 * | publishWritten | `events.publish(outcome.job)`                                                            |
 * | delete         | the event source mapping deletes what is not among `batchItemFailures`                   |
 */
export function deadLetterMachine(): Readonly<Record<string, Step>> {
  return { idle, read, sendBack, publishRead, write: writeEnd, publishWritten, delete: finish };
}

function idle(model: Model, world: World, slot: number): void {
  for (const message of new Set(world.messages.list)) {
    if (message.place !== "deadLetters" || !message.visible) continue;
    const next = received(model, world, slot, message, JOB_ID);
    model.progress(slot, "receive", goTo(model, next, slot, "read"));
  }
}

function goTo(model: Model, world: World, slot: number, step: string, seen?: Item): World {
  return withLocal(world, slot, model.locals.next(world.processes[slot]!, seen === undefined ? { step } : { step, seen }));
}

function read(model: Model, world: World, slot: number): void {
  model.progress(slot, "read", decide(model, world, slot, world.item, 0));
}

function decide(model: Model, world: World, slot: number, { job, ...item }: Item, round: number): World {
  if (round >= MAX_ROUNDS) return failedBatchItem(model, world, slot);
  if (job === undefined) return goTo(model, world, slot, "delete");
  if (isLeased(job, NOW)) return goTo(model, world, slot, "sendBack");
  const seen = model.items.snapshot({ ...item, job });
  const transition: TransitionName | undefined = isTerminal(job) ? undefined : model.design.closing(job);
  const publishing = { step: "publishRead", seen, transition, round };
  return withLocal(world, slot, model.locals.next(world.processes[slot]!, publishing));
}

/** The message stays in its queue, and comes again. */
function failedBatchItem(model: Model, world: World, slot: number): World {
  const message = inHand(world, slot);
  const idleAgain = withLocal(world, slot, model.locals.idle);
  if (message === undefined) return idleAgain;
  return { ...idleAgain, messages: model.messages.replaced(world.messages, message, letGo(message, slot, true)) };
}

function sendBack(model: Model, world: World, slot: number): void {
  model.progress(slot, "send back", goTo(model, sent(model, world, slot, JOB_ID), slot, "delete"));
}

function publishRead(model: Model, world: World, slot: number): void {
  const local = world.processes[slot]!;
  const next = published(model, world, slot, local.seen);
  const step = local.transition === undefined ? "delete" : "write";
  const state = step === "write" ? model.locals.of({ ...local, step }) : model.locals.next(local, { step });
  model.progress(slot, "publish what it read", withLocal(next, slot, state));
}

function writeEnd(model: Model, world: World, slot: number): void {
  const { seen, transition, round } = world.processes[slot]!;
  const name = transition as TransitionName;
  write(model, world, slot, {
    label: name,
    replaced: { version: (seen as Present).job.version, name, attempt: 0 },
    applied: (next, committed) => goTo(model, next, slot, "publishWritten", committed),
    refused: (next, current) => decide(model, next, slot, current, round + 1),
  });
}

function publishWritten(model: Model, world: World, slot: number): void {
  const next = published(model, world, slot, world.processes[slot]!.seen);
  model.progress(slot, "publish", goTo(model, next, slot, "delete"));
}

function finish(model: Model, world: World, slot: number): void {
  model.progress(slot, "delete", withLocal(deleted(model, world, slot, JOB_ID), slot, model.locals.idle));
}
