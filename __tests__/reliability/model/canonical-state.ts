import { type Item, SETTLED } from "./item-table.ts";
import type { Model } from "./model.ts";
import type { World } from "./world.ts";

/** Numbers of a state before its processes: item, published versions, messages, budgets. */
const SHARED_NUMBERS = 4;

export function stateWidth({ configuration }: Model): number {
  return SHARED_NUMBERS + configuration.processes.length;
}

/**
 * Writes a moment down as numbers. The first two processes are workers, alike in everything: of a moment and its mirror
 * image, in which they have changed places, one stands for both.
 */
export function encode(model: Model, world: World, state: Uint16Array): void {
  const { messages, items } = model;
  const first = world.processes[0]!.id;
  const second = world.processes[1]!.id;
  const mirrored = first > second || (first === second && isMirrorFirst(model, world));
  const item = mirrored ? items.writtenBy(world.item, mirroredWriter(world.item)) : world.item;
  state[0] = item.id;
  state[1] = world.published;
  state[2] = (mirrored ? messages.swapped(world.messages) : world.messages).id;
  state[3] = world.budgets.id;
  for (const [slot, { id }] of world.processes.entries()) state[SHARED_NUMBERS + slot] = id;
  if (mirrored) {
    state[SHARED_NUMBERS] = second;
    state[SHARED_NUMBERS + 1] = first;
  }
}

export function decode({ items, messages, budgets, locals }: Model, state: Uint16Array): World {
  const processes = Array.from(state.subarray(SHARED_NUMBERS), (id) => locals.at(id));
  return {
    item: items.at(state[0]!),
    published: state[1]!,
    messages: messages.at(state[2]!),
    budgets: budgets.at(state[3]!),
    processes,
  };
}

/** Decides between two images of a moment in which both workers are in the same state. */
function isMirrorFirst({ messages }: Model, { item, messages: now }: World): boolean {
  const swapped = messages.swapped(now);
  return swapped.id === now.id ? mirroredWriter(item) < item.writer : swapped.id < now.id;
}

function mirroredWriter({ writer }: Item): number {
  return writer === SETTLED || writer > 1 ? writer : 1 - writer;
}
