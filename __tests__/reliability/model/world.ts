import type { Budgets } from "./budgets.ts";
import type { Item } from "./item-table.ts";
import type { Local } from "./local-table.ts";
import type { Messages } from "./messages.ts";

/** One moment of everything: immutable, and made of objects that equal moments share. */
export interface World {
  readonly item: Item;
  /** The versions of which SNS has taken an event: bit *v* for version *v*. */
  readonly published: number;
  readonly messages: Messages;
  /** By slot; the first two are the workers. */
  readonly processes: readonly Local[];
  readonly budgets: Budgets;
}

export function withLocal(world: World, slot: number, local: Local): World {
  return { ...world, processes: world.processes.with(slot, local) };
}

export function isPublished(world: World, version: number): boolean {
  return (world.published & (1 << version)) !== 0;
}
