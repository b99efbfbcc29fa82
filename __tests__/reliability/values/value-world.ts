import { isDeepStrictEqual } from "node:util";
import { isTerminal } from "../../../domain/job.ts";
import { PayloadStore } from "../../../domain/payload-store.ts";
import { registryEntry } from "../../../domain/registry-entry.ts";
import { processRunner } from "../../../worker/process-runner.ts";
import { apiEvent } from "../../handlers/api-event.ts";
import { type ApiUnderTest, CONTEXT, startApi } from "../../handlers/api-under-test.ts";
import { isHeld } from "../../support/json-oracles.ts";
import { type WorkerUnderTest, workerUnderTest } from "../../support/worker-under-test.ts";

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

  /** What callers read of a job with this value as its input, once it has ended: the answer's text, and the stored ones. */
  async #echo({ jobType, until }: WorkerUnderTest, value: string): Promise<Echo> {
    const call = this.#api.handler({});
    const added = await call(apiEvent("addJob", { body: `{"type":"${jobType.name}","input":${inputOf(value)}}` }), CONTEXT);
    const { id } = JSON.parse(added.body) as { readonly id?: string };
    if (added.statusCode !== 202 || id === undefined) return { status: added.statusCode, added: added.body };
    const job = await until(id, isTerminal);
    const { body } = await call(apiEvent("getJob", { id }), CONTEXT);
    const [input, result] = await Promise.all([
      job.input ?? this.#read(job.inputLocation),
      job.result ?? this.#read(job.resultLocation),
    ]);
    const shown = [job.input, job.result].every((text) => text === undefined || body.includes(text));
    return { status: 202, added: added.body, input, result, shown, error: job.error?.message };
  }

  async #read(location: { readonly bucket: string; readonly key: string; readonly bytes: number } | undefined): Promise<string> {
    return location === undefined ? "" : await new PayloadStore(this.#api.resultsBucket).getText(location);
  }

  #ofHandler(value: string, { status, added, input, result = "", shown, error }: Echo): string[] {
    const sent: unknown = JSON.parse(inputOf(value));
    if (!isAllHeld(value)) return status === 422 ? [] : [`a handler was given a number that no double holds: ${added}`];
    if (status !== 202) return [`a value that a handler can hold was answered ${status}: ${added}`];
    if (error !== undefined) return [`a handler that gave its input back failed: ${error}`];
    const isSame = isDeepStrictEqual(JSON.parse(result), sent) && JSON.stringify(JSON.parse(result)) === JSON.stringify(sent);
    return [
      ...(input === inputOf(value) ? [] : [`the input is stored as ${input}`]),
      ...(isSame ? [] : [`a handler gave back ${result}`]),
      ...(shown ? [] : ["the answer shows other texts than the stored ones"]),
    ];
  }
}

interface Echo {
  readonly status: number;
  readonly added: string;
  readonly input?: string;
  readonly result?: string;
  readonly shown?: boolean;
  readonly error?: string | undefined;
}

/** Handlers' inputs are objects here, so that the schema has something to ask for. */
function inputOf(value: string): string {
  return `{ "b":${value},"10" : 1 }`;
}

function ofCommand(value: string, { status, added, input, result, shown, error }: Echo): string[] {
  if (status !== 202) return [`a value for a command was answered ${status}: ${added}`];
  if (error !== undefined) return [`a command that gave its input back failed: ${error}`];
  return [
    ...(input === inputOf(value) ? [] : [`the command's input is stored as ${input}`]),
    ...(result === inputOf(value) ? [] : [`a command gave back ${result}`]),
    ...(shown ? [] : ["the answer shows other texts than the stored ones"]),
  ];
}

function isAllHeld(text: string): boolean {
  let isHeldAll = true;
  JSON.parse(text, (_, part, { source }) => {
    if (typeof part === "number") isHeldAll &&= isHeld(source ?? "");
  });
  return isHeldAll;
}
