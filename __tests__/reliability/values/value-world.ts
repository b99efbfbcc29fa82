import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { isTerminal, type Job } from "../../../domain/job.ts";
import { PayloadStore } from "../../../domain/payload-store.ts";
import { registryEntry } from "../../../domain/registry-entry.ts";
import type { Operation } from "../../../domain/routes.ts";
import type { ApiResponse } from "../../../handlers/http/event.ts";
import { processRunner } from "../../../worker/runners/commands/process-runner.ts";
import { apiEvent, type RequestParts } from "../../handlers/api-event.ts";
import { type ApiUnderTest, CONTEXT, startApi } from "../../handlers/api-under-test.ts";
import { isHeld } from "../../support/json-oracles.ts";
import { type WorkerUnderTest, workerUnderTest } from "../../support/worker-under-test.ts";

/** How long a job may take whose neighbours are many and whose machine is busy, in milliseconds. */
const ENDS_WITHIN_MS = 90_000;
/** How long to wait before the events are looked at again, in milliseconds. */
const LOOK_AGAIN_MS = 10;

/** The API and two workers that give each input back: a handler, and the command `cat`. */
export class ValueWorld {
  readonly #api: ApiUnderTest;
  readonly #handler: WorkerUnderTest;
  readonly #command: WorkerUnderTest;

  private constructor(api: ApiUnderTest, handler: WorkerUnderTest, command: WorkerUnderTest) {
    this.#api = api;
    this.#handler = handler;
    this.#command = command;
  }

  static async start(): Promise<ValueWorld> {
    const api = await startApi();
    const handler = await workerUnderTest({ emulators: api, handler: (input) => input });
    const command = await workerUnderTest({
      emulators: api,
      handler: () => undefined,
      overrides: ({ jobType }) => ({ runner: processRunner({ command: ["cat"], directory: "/", jobType }) }),
    });
    for (const { jobType, queueUrl, worker } of [handler, command]) {
      const isolation = jobType === command.jobType ? "process" : "inline";
      const entry = registryEntry(jobType, { queueUrl, cluster: "jobs", service: jobType.name });
      await api.registry.register({ ...entry, isolation });
      worker.start();
    }
    return new ValueWorld(api, handler, command);
  }

  /** Sends a value to both workers. @returns what became of it that should not: most often nothing. */
  async send(value: string): Promise<string[]> {
    const [byHandler, byCommand] = await Promise.all([this.#echo(this.#handler, value), this.#echo(this.#command, value)]);
    return [...this.#ofHandler(value, byHandler), ...ofCommand(value, byCommand)];
  }

  async stop(): Promise<void> {
    await Promise.all([this.#handler.worker.stop(), this.#command.worker.stop()]);
    await this.#api.stop();
  }

  /** What callers and subscribers read of a job with this value as its input, and what is stored, once it has ended. */
  async #echo({ jobType, until }: WorkerUnderTest, value: string): Promise<Echo> {
    const body = `{"type":"${jobType.name}","input":${inputOf(value)}}`;
    const added = await this.#ask("addJob", { body, headers: { "idempotency-key": randomUUID() } });
    const { id } = JSON.parse(added.body) as { readonly id?: string };
    if (added.statusCode !== 202 || id === undefined) return { status: added.statusCode, added: added.body };
    const job = await until(id, isTerminal, ENDS_WITHIN_MS);
    const answer = await this.#ask("getJob", { id });
    const [input, result] = await Promise.all([
      job.input ?? this.#read(job.inputLocation),
      job.result ?? this.#read(job.resultLocation),
    ]);
    const shown = [job.input, job.result].every((text) => text === undefined || answer.body.includes(text));
    const events = await this.#eventsOf(id);
    const told =
      events.every((event) => tells(event, "input", job.input)) &&
      events.some((event) => tells(event, "result", job.result) && tells(event, "status", `"${job.status}"`));
    return { status: 202, added: added.body, input, result, shown, told, error: job.error?.message };
  }

  /** All events of a job, as text, once its end is among them: a subscriber's queue holds every event of this world. */
  async #eventsOf(id: string): Promise<readonly string[]> {
    for (const deadline = Date.now() + ENDS_WITHIN_MS; Date.now() < deadline; await delay(LOOK_AGAIN_MS)) {
      const texts = this.#api.messagesIn(this.#api.eventsQueueUrl).map(({ body }) => body);
      const jobs = texts.filter((text) => text.includes(id)).map((text) => [text, JSON.parse(text) as Job] as const);
      const own = jobs.filter(([, job]) => job.id === id);
      if (own.some(([, job]) => isTerminal(job))) return own.map(([text]) => text);
    }
    throw new Error(`the end of job ${id} was not published`);
  }

  /** Asks until the API is not too busy to answer, as callers do. */
  async #ask(operation: Operation, parts: RequestParts): Promise<ApiResponse> {
    const ask = (): Promise<ApiResponse> => this.#api.handler({})(apiEvent(operation, parts), CONTEXT);
    let answer = await ask();
    while (answer.statusCode === 503) answer = await ask();
    return answer;
  }

  async #read(location: { readonly bucket: string; readonly key: string; readonly bytes: number } | undefined): Promise<string> {
    return location === undefined ? "" : await new PayloadStore(this.#api.resultsBucket).getText(location);
  }

  #ofHandler(value: string, { status, added, input, result = "", error, ...seen }: Echo): string[] {
    const sent: unknown = JSON.parse(inputOf(value));
    if (!isAllHeld(value)) return status === 422 ? [] : [`a handler was given a number that no double holds: ${added}`];
    if (status !== 202) return [`a value that a handler can hold was answered ${status}: ${added}`];
    if (error !== undefined) return [`a handler that gave its input back failed: ${error}`];
    const isSame = isDeepStrictEqual(JSON.parse(result), sent) && JSON.stringify(JSON.parse(result)) === JSON.stringify(sent);
    return [
      ...(input === inputOf(value) ? [] : [`the input is stored as ${input}`]),
      ...(isSame ? [] : [`a handler gave back ${result}`]),
      ...differences(seen),
    ];
  }
}

interface Echo {
  readonly status: number;
  readonly added: string;
  readonly input?: string;
  readonly result?: string;
  /** Whether the answer has the stored texts. */
  readonly shown?: boolean;
  /** Whether the events have them. */
  readonly told?: boolean;
  readonly error?: string | undefined;
}

/** Handlers' inputs are objects here, so that the schema has something to ask for. */
function inputOf(value: string): string {
  return `{ "b":${value},"10" : 1 }`;
}

function ofCommand(value: string, { status, added, input, result, error, ...seen }: Echo): string[] {
  if (status !== 202) return [`a value for a command was answered ${status}: ${added}`];
  if (error !== undefined) return [`a command that gave its input back failed: ${error}`];
  return [
    ...(input === inputOf(value) ? [] : [`the command's input is stored as ${input}`]),
    ...(result === inputOf(value) ? [] : [`a command gave back ${result}`]),
    ...differences(seen),
  ];
}

function differences({ shown, told }: Pick<Echo, "shown" | "told">): string[] {
  return [
    ...(shown ? [] : ["the answer shows other texts than the stored ones"]),
    ...(told ? [] : ["the events tell other texts than the stored ones"]),
  ];
}

/** Whether an event has this text for a member, letter by letter, but for the two characters that SNS refuses. */
function tells(event: string, name: string, text: string | undefined): boolean {
  const sent = text?.replaceAll("\ufffe", "\\ufffe").replaceAll("\uffff", "\\uffff");
  return sent === undefined || event.includes(`,"${name}":${sent}`);
}

function isAllHeld(text: string): boolean {
  let isHeldAll = true;
  JSON.parse(text, (_, part, { source }) => {
    if (typeof part === "number") isHeldAll &&= isHeld(source ?? "");
  });
  return isHeldAll;
}
