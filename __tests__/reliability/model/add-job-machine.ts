import type { Step } from "./design.ts";
import { answered, published, sent, write } from "./effects.ts";
import { type Item, JOB_ID, OWNER, type Present } from "./item-table.ts";
import type { Model } from "./model.ts";
import { type World, withLocal } from "./world.ts";

/**
 * `addJob` of handlers/accept-job.ts, effect by effect:
 *
 * | step    | the code                                                                                        |
 * |---------|-------------------------------------------------------------------------------------------------|
 * | lookUp  | with an idempotency key: `store.get`; an earlier job is replayed                                |
 * | send    | `enqueue`: `queue.send`                                                                         |
 * | create  | `store.create`; refused, the job that is there is replayed                                      |
 * | publish | `events.publish`, of the new job or, in `replay`, of the job as it was found; then `accepted`   |
 *
 * Left out: the input's upload, before `send`, and the service's start, which no invariant of one job depends on.
 */
export function addJobMachine(): Readonly<Record<string, Step>> {
  return { idle, lookUp, send, create, publish };
}

function idle(model: Model, world: World, slot: number): void {
  const step = model.configuration.keyed ? "lookUp" : "send";
  model.spending("adds", world, slot, "request", () => goTo(model, world, slot, step));
}

export function goTo(model: Model, world: World, slot: number, step: string, seen: Item = world.processes[slot]!.seen): World {
  return withLocal(world, slot, model.locals.next(world.processes[slot]!, { step, seen }));
}

function lookUp(model: Model, world: World, slot: number): void {
  const { item } = world;
  const next =
    item.job === undefined
      ? goTo(model, world, slot, "send")
      : goTo(model, world, slot, "publish", model.items.snapshot(item as Present));
  model.progress(slot, "look the key up", next);
}

function send(model: Model, world: World, slot: number): void {
  model.progress(slot, "send", goTo(model, sent(model, world, slot, JOB_ID), slot, "create"));
  model.spending("lostAnswers", world, slot, "send: taken, its answer lost", () => {
    const resending = model.locals.of({ ...world.processes[slot]!, resends: true });
    return withLocal(sent(model, world, slot, JOB_ID), slot, resending);
  });
}

function create(model: Model, world: World, slot: number): void {
  write(model, world, slot, {
    label: "create",
    replaced: undefined,
    applied: (next, seen) => goTo(model, next, slot, "publish", seen),
    refused: (next, current) => goTo(model, next, slot, "publish", model.items.snapshot(current as Present)),
  });
}

function publish(model: Model, world: World, slot: number): void {
  const { seen } = world.processes[slot]!;
  const next = published(model, world, slot, seen);
  answerAdd(model, next, slot, seen);
  model.progress(slot, "publish, answer 202", withLocal(next, slot, model.locals.idle));
}

export function answerAdd(model: Model, world: World, slot: number, seen: Item): void {
  const key = model.configuration.keyed ? { idempotencyKey: "model" } : {};
  answered(model, world, slot, { operation: "add", owner: OWNER, payload: "{}", ...key }, 202, seen);
}
