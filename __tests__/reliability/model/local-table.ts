import type { TransitionName } from "../../../domain/transitions.ts";
import type { Item } from "./item-table.ts";

/** How a handler can end, as far as the worker can tell it apart. */
export type HandlerEnd = "returned" | "failed" | "failed for good" | "timed out" | "stopped by the shutdown";

/**
 * Where a process stands between two of its effects, and all that it remembers. `step` names the effect that comes next, in
 * the machine of its kind.
 */
export interface LocalState {
  readonly step: string;
  /** The newest version that it goes by. */
  readonly seen: Item;
  /** The transition that it has decided on or, after a commit, has made. */
  readonly transition: TransitionName | undefined;
  /** How old its message was when it was received, until its job was found. */
  readonly ageSeconds: number;
  /** Writes that it lost to others. */
  readonly round: number;
  /** Its write took effect, the answer was lost, and the SDK sends it again. */
  readonly resends: boolean;
  /** It was told to shut down. */
  readonly stopping: boolean;
  /** Whether `seen` is still to be published before it may be replaced. */
  readonly unpublished: boolean;
  readonly handlerEnd: HandlerEnd | undefined;
}

export type Local = LocalState & { readonly id: number };

export const IDLE = "idle";

/** The states of single processes that the exploration met: equal ones are one object. */
export class LocalTable {
  readonly #all: Local[] = [];
  readonly #byKey = new Map<string, Local>();
  readonly idle: Local;
  readonly #idleState: LocalState;

  constructor(absent: Item) {
    this.#idleState = {
      step: IDLE,
      seen: absent,
      transition: undefined,
      ageSeconds: 0,
      round: 0,
      resends: false,
      stopping: false,
      unpublished: false,
      handlerEnd: undefined,
    };
    this.idle = this.of(this.#idleState);
  }

  at(id: number): Local {
    return this.#all[id]!;
  }

  of(state: LocalState): Local {
    const { step, seen, transition, ageSeconds, round, resends, stopping, unpublished, handlerEnd } = state;
    const key = `${step} ${seen.id} ${transition} ${ageSeconds} ${round} ${resends} ${stopping} ${unpublished} ${handlerEnd}`;
    let local = this.#byKey.get(key);
    if (local === undefined) {
      local = { ...state, id: this.#all.length };
      this.#all.push(local);
      this.#byKey.set(key, local);
    }
    return local;
  }

  /** A state that remembers only what is named here and, of `before`, whether it was told to shut down. */
  next(before: Local, state: Partial<LocalState> & { readonly step: string }): Local {
    return this.of({ ...this.#idleState, stopping: before.stopping, ...state });
  }
}
