import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { isTerminal, type Job } from "../../../domain/job.ts";
import type { Emulators } from "../../support/emulators.ts";

const WAIT_SECONDS = 20;

/** The events that a subscriber gets, as text. */
export class EventTexts {
  readonly #texts = new Map<string, string[]>();
  readonly #ended = new Map<string, PromiseWithResolvers<void>>();
  readonly #stop = new AbortController();
  readonly #reading: Promise<void>;

  constructor(emulators: Emulators) {
    this.#reading = this.#read(emulators);
  }

  /** Waits for the event of a job's end. @returns all that came of the job until then. */
  async untilEnd(id: string): Promise<readonly string[]> {
    await this.#end(id).promise;
    return this.#texts.get(id) ?? [];
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }

  async #read({ longPollSqs, eventsQueueUrl }: Emulators): Promise<void> {
    const receive = { QueueUrl: eventsQueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: WAIT_SECONDS };
    while (!this.#stop.signal.aborted) {
      try {
        const { Messages = [] } = await longPollSqs.send(new ReceiveMessageCommand(receive), { abortSignal: this.#stop.signal });
        for (const { Body = "" } of Messages) this.#take(Body);
      } catch (error) {
        if (!this.#stop.signal.aborted) throw error;
      }
    }
  }

  #take(text: string): void {
    const job = JSON.parse(text) as Job;
    this.#texts.set(job.id, [...(this.#texts.get(job.id) ?? []), text]);
    if (isTerminal(job)) this.#end(job.id).resolve();
  }

  #end(id: string): PromiseWithResolvers<void> {
    const end = this.#ended.get(id) ?? Promise.withResolvers();
    this.#ended.set(id, end);
    return end;
  }
}
