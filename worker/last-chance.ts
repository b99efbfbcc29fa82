/**
 * The one place of a worker for a job whose worker died and that is on its last attempt. It may be the job that brings
 * workers down; run beside it, others would lose their last attempt with it.
 */
export class LastChance {
  #id: string | undefined;

  /** @returns whether the place is this job's. */
  acquire(id: string): boolean {
    this.#id ??= id;
    return this.#id === id;
  }

  /** Frees the place, if it is this job's. */
  release(id: string): void {
    if (this.#id === id) this.#id = undefined;
  }
}
