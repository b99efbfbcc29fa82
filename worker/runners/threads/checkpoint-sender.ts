import { NewestWrite } from "../../newest-write.ts";
import type { CheckpointToThread, CheckpointToWorker } from "./messages.ts";

/**
 * A thread's side of `checkpoint`: hands one value at a time to the worker, and the newest when that one is stored. So a handler that
 * does not wait fills no memory.
 */
export class CheckpointSender {
  readonly #send: (message: CheckpointToWorker) => void;
  readonly #newest: NewestWrite<string>;
  #sent = Promise.withResolvers<void>();

  constructor(send: (message: CheckpointToWorker) => void) {
    this.#send = send;
    this.#newest = new NewestWrite((json) => {
      this.#sent = Promise.withResolvers();
      send({ kind: "checkpoint", json });
      return this.#sent.promise;
    });
  }

  put(json: string): Promise<void> {
    return this.#newest.put(json);
  }

  /** Takes what the worker says about the last checkpoint. */
  receive(message: CheckpointToThread): void {
    if (message.kind === "checkpointStored") this.#sent.resolve();
    else this.#sent.reject(Object.assign(new Error(message.message), message.properties));
  }

  /** The handler has ended: hands on the value that waits. */
  end(): void {
    const json = this.#newest.take();
    if (json !== undefined) this.#send({ kind: "checkpoint", json });
  }
}
