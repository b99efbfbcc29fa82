import { EventEmitter, once } from "node:events";
import { LONG_POLL_SECONDS } from "../../domain/clients.ts";
import type { ReceivedMessage } from "../../domain/job-queue.ts";

/** A queue in memory that can only be received from: as SQS, it holds a long poll open while there is nothing; a shorter one is over at once. */
export class StandInQueue {
  /** How many messages each receive asked for. */
  readonly asked: number[] = [];
  /** Receives that have yet to fail. */
  failures = 0;
  readonly #messages: ReceivedMessage[] = [];
  readonly #arrivals = new EventEmitter();

  send(...bodies: string[]): void {
    for (const body of bodies) this.#messages.push({ body, receiptHandle: body, receiveCount: 1, ageSeconds: 0 });
    this.#arrivals.emit("message");
  }

  async receive(max: number, waitSeconds: number, signal?: AbortSignal): Promise<ReceivedMessage[]> {
    this.asked.push(max);
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error("SQS is down");
    }
    while (this.#messages.length === 0 && waitSeconds === LONG_POLL_SECONDS)
      await once(this.#arrivals, "message", signal === undefined ? {} : { signal });
    return this.#messages.splice(0, max);
  }
}
