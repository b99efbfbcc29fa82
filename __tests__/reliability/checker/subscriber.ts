import type { Job } from "../../../domain/job.ts";
import { isNewerState, type StateOrder } from "../../../domain/newer-state.ts";

/** Whether a state is newer than another of the same ID. */
export type NewerRule = (state: StateOrder, other: StateOrder) => boolean;

/** A subscriber of the events: keeps, per ID, the newest that it got. */
export class Subscriber {
  readonly #isNewer: NewerRule;
  readonly #newest = new Map<string, Job>();

  /** @param isNewer others than the documented rule are for tests of what tells them apart. */
  constructor(isNewer: NewerRule = isNewerState) {
    this.#isNewer = isNewer;
  }

  take(event: Job): void {
    const known = this.#newest.get(event.id);
    if (known === undefined || this.#isNewer(event, known)) this.#newest.set(event.id, event);
  }

  /** By ID. */
  get newest(): ReadonlyMap<string, Job> {
    return this.#newest;
  }
}
