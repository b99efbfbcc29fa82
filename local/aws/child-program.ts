import { type ChildProcess, fork, type SerializationType } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { ChildMessage } from "./parent-channel.ts";

export interface ChildProgramSettings {
  /** What people call it, in messages. */
  readonly name: string;
  /** The program; it calls `serveParent`. */
  readonly program: URL;
  readonly args?: readonly string[];
  /** @default this process's own */
  readonly environment?: NodeJS.ProcessEnv;
  /** File that its output is appended to. @default this process's own output */
  readonly log?: string;
  /** "advanced" moves long strings faster. @default "json" */
  readonly serialization?: SerializationType;
}

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly answered: Promise<unknown>;
}

/** A program of ours in a process of its own, which answers requests and ends when this process does. */
export class ChildProgram<Ready> {
  readonly ready: Ready;
  /** Settles when the process has ended, with a sentence that says how. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #requests = 0;

  constructor(child: ChildProcess, ready: Ready, ended: Promise<string>) {
    this.#child = child;
    this.ready = ready;
    this.ended = ended;
    child.on("message", (message: ChildMessage) => this.#settle(message));
    void ended.then((how) => {
      for (const { reject } of this.#pending.values()) reject(new JobQueueError("ProcessEnded", how));
      this.#pending.clear();
    });
  }

  /** @throws the error that the program answered with, or JobQueueError "ProcessEnded" when it ended instead. */
  async request<Answer>(request: unknown): Promise<Answer> {
    this.#requests += 1;
    const id = this.#requests;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject, answered: promise });
    this.#child.send({ id, request }, undefined, undefined, (error) => {
      // A closed channel means that the process is ending: `ended` then says how.
      if (error !== null) void this.ended.then((how) => reject(new JobQueueError("ProcessEnded", how)));
    });
    return (await promise) as Answer;
  }

  /** Settles when every request so far has been answered, or the program has ended. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#pending.values()].map(({ answered }) => answered));
  }

  /** Ends the program; settles when its process is gone. */
  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.ended;
  }

  #settle(message: ChildMessage): void {
    if ("ready" in message) return;
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ("error" in message) pending?.reject(Object.assign(new Error(message.error.message), { name: message.error.name }));
    else pending?.resolve(message.answer);
  }
}

/**
 * Starts a program and waits until it is ready.
 *
 * @throws JobQueueError "ProcessEnded" when it ends before.
 */
export async function startChildProgram<Ready>(settings: ChildProgramSettings): Promise<ChildProgram<Ready>> {
  const { name, program, args = [], environment = process.env, log, serialization = "json" } = settings;
  const output = log === undefined ? "inherit" : openSync(log, "a");
  const child = fork(fileURLToPath(program), args, {
    env: environment,
    execArgv: [],
    serialization,
    stdio: ["ignore", output, output, "ipc"],
  });
  if (typeof output === "number") closeSync(output);
  const ended = new Promise<string>((resolve) => {
    const where = log === undefined ? "" : `; see ${log}`;
    child.once("error", (error) => resolve(`${name} could not be started: ${error.message}`));
    child.once("exit", (code, signal) => resolve(`${name} ended with ${signal ?? `exit code ${code}`}${where}`));
  });
  const ready = new Promise<Ready>((resolve) => {
    child.once("message", (message: ChildMessage) => {
      if ("ready" in message) resolve(message.ready as Ready);
    });
  });
  const first = await Promise.race([ready.then((value) => ({ value })), ended]);
  if (typeof first === "string") throw new JobQueueError("ProcessEnded", first);
  return new ChildProgram(child, first.value, ended);
}
