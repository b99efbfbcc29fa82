import type { JobWorkerDependencies } from "../../worker/job-worker.ts";

/**
 * Records what a worker did to the table, the topic and the queue, in the order in which it took effect: `claim 2` (the
 * transition and the version that it made), `publish 2`, `hide 4 s`, `delete`. Only what succeeded is recorded, except that
 * the calls on messages are recorded when they are made.
 */
export class WorkerJournal {
  readonly #entries: { readonly id: string; readonly entry: string }[] = [];
  /** Message bodies by receipt handle. */
  readonly #bodies = new Map<string, string>();
  readonly #watchers = new Set<() => void>();

  /** What was done for one job, or for the message with this body. */
  of(id: string): string[] {
    return this.#entries.filter((known) => known.id === id).map(({ entry }) => entry);
  }

  /** Waits for an entry; fails with the test's timeout. */
  async until(id: string, entry: string, times = 1): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (this.of(id).filter((known) => known === entry).length >= times) resolve();
    };
    this.#watchers.add(look);
    look();
    await promise;
    this.#watchers.delete(look);
  }

  /** The same dependencies, with every call recorded. */
  observe(dependencies: JobWorkerDependencies): JobWorkerDependencies {
    const { store, events, queue } = dependencies;
    return {
      ...dependencies,
      store: {
        get: (id) => store.get(id),
        recordProgress: async (claim, progress) => {
          const written = await store.recordProgress(claim, progress);
          if (written) this.#record(claim.id, `progress ${progress.fraction}`);
          return written;
        },
        recordCheckpoint: async (claim, checkpoint) => {
          const written = await store.recordCheckpoint(claim, checkpoint);
          if (written) this.#record(claim.id, `checkpoint ${checkpoint.number}`);
          return written;
        },
        transition: async (replaced, name, values) => {
          const write = await store.transition(replaced, name, values);
          if (write.applied) this.#record(replaced.id, `${name} ${write.job.version}`);
          return write;
        },
      },
      events: {
        publish: async (job) => {
          await events.publish(job);
          this.#record(job.id, `publish ${job.version}`);
        },
      },
      queue: {
        receive: async (...request) => {
          const messages = await queue.receive(...request);
          for (const { receiptHandle, body } of messages) this.#bodies.set(receiptHandle, body);
          return messages;
        },
        setVisibility: async (receiptHandle, seconds) => {
          this.#record(this.#bodies.get(receiptHandle) ?? receiptHandle, `hide ${seconds} s`);
          await queue.setVisibility(receiptHandle, seconds);
        },
        delete: async (receiptHandle) => {
          this.#record(this.#bodies.get(receiptHandle) ?? receiptHandle, "delete");
          await queue.delete(receiptHandle);
        },
      },
    };
  }

  #record(id: string, entry: string): void {
    this.#entries.push({ id, entry });
    for (const look of this.#watchers) look();
  }
}
