import { randomUUID } from "node:crypto";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker as Thread } from "node:worker_threads";
import type { AbortCode } from "../../job-aborted-error.ts";
import { failure, handlerFailure } from "../handler-failure.ts";
import { machineFailure } from "../machine-errors.ts";
import type { Run, RunOutcome } from "../runner.ts";
import { checkMessage } from "./check-message.ts";
import { FileReceiver } from "./file-receiver.ts";
import { InputServer } from "./input-server.ts";
import type { CheckpointToThread, JobToWorker, Look, ThreadData, ToThread, ToWorker } from "./messages.ts";
import { WrittenLines } from "./send-window.ts";
import { sentError } from "./sent-error.ts";
import type { ThreadLimits } from "./thread-limits.ts";
import { endPrograms, THREAD_MARK } from "./thread-processes.ts";

export interface HandlerThreadSettings {
  readonly handlerUrl: string;
  readonly limits: ThreadLimits;
}

export interface HandlerThreadEvents {
  readonly stray: (stray: Extract<ToWorker, { kind: "stray" }>) => void;
  readonly gone: () => void;
  /** The thread was told to end, and does not. */
  readonly stuck: () => void;
}

interface CurrentRun {
  readonly run: Run;
  readonly files: FileReceiver;
  readonly inputs: InputServer;
  readonly settle: (outcome: RunOutcome) => void;
}

/**
 * How long a thread may take to look at what a job left, in milliseconds: one that is busy with it is not fit for another. On a loaded
 * machine a look may take a second, and a fresh thread would take more.
 */
const LOOK_MS = 5_000;
/** Milliseconds after which a thread that was told to end is taken to wait for a program, as `execSync` does. */
const PROGRAMS_MS = 100;
/** How long a thread may take to end, in milliseconds. V8 ends no call of native code that does not return. */
const END_MS = 5_000;

/** The worker's side of a thread that runs handlers, one at a time. */
export class HandlerThread {
  readonly #thread: Thread;
  readonly #port: MessagePort;
  readonly #events: HandlerThreadEvents;
  readonly #written = new WrittenLines();
  #current: CurrentRun | undefined;
  #looked = Promise.withResolvers<Look>();
  readonly #begun = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #mark = randomUUID();
  #runs = 0;
  /** What runs get that the thread cannot end itself. */
  #end: RunOutcome | undefined;
  #ending: Promise<boolean> | undefined;
  #isStuck = false;
  #hasAnswered = false;
  #hasExited = false;

  /** @throws Error where the system cannot start a thread. */
  constructor({ handlerUrl, limits }: HandlerThreadSettings, events: HandlerThreadEvents) {
    const { port1, port2 } = new MessageChannel();
    const { maxKeptMiB, ...resourceLimits } = limits;
    const data: ThreadData = { handlerUrl, maxKeptMiB, mark: this.#mark, port: port2, begun: this.#begun.buffer };
    const program = new URL(import.meta.url.endsWith(".ts") ? "./job-thread.ts" : "./job-thread.mjs", import.meta.url);
    this.#events = events;
    this.#port = port1;
    try {
      // None of the process' options: what it preloads is not the handlers'.
      const env = { ...process.env, [THREAD_MARK]: this.#mark };
      const options = { resourceLimits, execArgv: [], env, name: "handler" };
      this.#thread = new Thread(program, options);
      this.#thread.postMessage(data, [port2]);
    } catch (error) {
      port1.close();
      throw error;
    }
    port1.on("message", (message) => this.#hear(message));
    this.#thread.on("error", (thrown) => {
      this.#end ??= threadEnd(thrown, { hasRun: Atomics.load(this.#begun, 0) > 0 });
    });
    this.#thread.once("exit", (code) => this.#exited(code));
  }

  /** Of no use for another job: it has ended, or it cannot load its handler. */
  get isGone(): boolean {
    return this.#end !== undefined;
  }

  /** It was told to end and does not: it is in a call of native code that does not return. */
  get isStuck(): boolean {
    return this.#isStuck;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** Whether the outcome of the last run came from the thread, and not from its end. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  get runs(): number {
    return this.#runs;
  }

  /** Whether the thread has begun the last run that it was given. */
  get hasBegun(): boolean {
    return Atomics.load(this.#begun, 0) === this.#runs;
  }

  /** Runs a job. Settles soon after the run's kill, which ends the thread. */
  async run(run: Run): Promise<RunOutcome> {
    const { id, type, attempt, traceparent, input, resumeFrom, files } = run;
    const ended = Promise.withResolvers<RunOutcome>();
    const post = (message: ToThread, transfer: readonly ArrayBuffer[] = []): void => this.#port.postMessage(message, transfer);
    const onAbort = (): void => post({ kind: "abort", code: (run.signal.reason as { code: AbortCode }).code });
    const onKill = (): void => {
      ended.resolve(failure("HandlerIgnoredAbort", "the handler did not stop within its grace, and was killed"));
      void this.terminate();
    };
    this.#looked = Promise.withResolvers();
    this.#runs += 1;
    this.#hasAnswered = false;
    const inputs = new InputServer(run, post);
    this.#current = { run, files: new FileReceiver(run.putFile, post), inputs, settle: ended.resolve };
    if (this.#end !== undefined) ended.resolve(this.#end);
    else post({ kind: "run", task: { id, type, attempt, traceparent, input, resumeFrom, files } });
    run.signal.addEventListener("abort", onAbort, { once: true });
    run.kill.addEventListener("abort", onKill, { once: true });
    if (run.kill.aborted) onKill();
    try {
      return await ended.promise;
    } finally {
      run.signal.removeEventListener("abort", onAbort);
      run.kill.removeEventListener("abort", onKill);
      this.#current?.files.close();
      this.#current?.inputs.close();
      this.#current = undefined;
    }
  }

  /** What the last job has left. Settles within `LOOK_MS`. */
  async look(): Promise<Look> {
    const left = ["a thread that does not answer"];
    const timer = setTimeout(() => this.#looked.resolve({ left, mayLinger: false }), LOOK_MS);
    try {
      return await this.#looked.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the thread. Settles within `END_MS`. @returns whether it has ended. */
  async terminate(): Promise<boolean> {
    this.#end ??= failure("HandlerCrashed", "the handler's thread was ended");
    this.#ending ??= this.#terminate();
    return await this.#ending;
  }

  async #terminate(): Promise<boolean> {
    const late = Promise.withResolvers<boolean>();
    const programs = setTimeout(() => endPrograms(this.#mark), PROGRAMS_MS);
    const patience = setTimeout(() => {
      this.#isStuck = true;
      this.#events.stuck();
      late.resolve(false);
    }, END_MS);
    try {
      return await Promise.race([this.#thread.terminate().then(() => true), late.promise]);
    } finally {
      clearTimeout(programs);
      clearTimeout(patience);
    }
  }

  #exited(code: number): void {
    // What the thread said last, which may be why it ended.
    for (let last = receiveMessageOnPort(this.#port); last !== undefined; last = receiveMessageOnPort(this.#port)) {
      this.#hear(last.message);
    }
    this.#end ??= failure("HandlerCrashed", `the handler's thread ended with exit code ${code}`);
    this.#port.close();
    this.#hasExited = true;
    this.#isStuck = false;
    if (this.#runs > 0) endPrograms(this.#mark);
    this.#current?.settle(this.#end);
    this.#looked.resolve({ left: ["a thread that has ended"], mayLinger: false });
    this.#events.gone();
  }

  /** What cannot be taken for true, or leads to an error, ends the thread alone. */
  #hear(message: unknown): void {
    try {
      this.#receive(checkMessage(message));
    } catch (error) {
      this.#end ??= failure("HandlerCrashed", (error as Error).message);
      this.#current?.settle(this.#end);
      void this.terminate();
    }
  }

  #receive(message: ToWorker): void {
    switch (message.kind) {
      case "notLoaded":
        this.#end ??= message.outcome;
        this.#current?.settle(this.#end);
        return;
      case "ended":
        this.#hasAnswered = true;
        this.#current?.settle(message.outcome);
        return;
      case "crashed":
        this.#current?.settle(message.outcome);
        void this.terminate();
        return;
      case "looked":
        this.#looked.resolve(message.look);
        return;
      case "stray":
        this.#events.stray(message);
        return;
      default:
        if (this.#current !== undefined) this.#serve(this.#current, message);
    }
  }

  #serve(current: CurrentRun, message: JobToWorker): void {
    const { run, files, inputs } = current;
    // The thread may be at another job by then.
    const answer = (message: CheckpointToThread): void => {
      if (this.#current === current) this.#port.postMessage(message);
    };
    if (message.kind === "progress") {
      run.progress(message.fraction, message.message);
      this.#port.postMessage({ kind: "progressTaken" } satisfies ToThread);
    } else if (message.kind === "line") {
      const { level, message: text, details, bytes } = message.line;
      run.log(level, text, details === undefined ? undefined : JSON.parse(details));
      const units = this.#written.count(bytes);
      if (units > 0) this.#port.postMessage({ kind: "written", units } satisfies ToThread);
    } else if (message.kind === "checkpoint") {
      run.checkpoint(message.json).then(
        () => answer({ kind: "checkpointStored" }),
        (error) => answer({ kind: "checkpointFailed", ...sentError(error) }),
      );
    } else if (message.kind === "readInput" || message.kind === "saveInput") {
      inputs.receive(message);
    } else {
      files.receive(message);
    }
  }
}

/**
 * What a thread's end by an error means for its job.
 *
 * @param thrown an error of Node's or, where the handler took the thread's listeners away, whatever the handler threw.
 * @param hasRun whether the thread has run a handler: from then on no error says that a job could not begin.
 */
function threadEnd(thrown: unknown, { hasRun }: { readonly hasRun: boolean }): RunOutcome {
  const { code, message } = handlerFailure(thrown);
  const end = failure(
    code === "ERR_WORKER_OUT_OF_MEMORY" ? "OutOfMemory" : "HandlerCrashed",
    `the handler's thread ended: ${message}`,
  );
  return (hasRun ? undefined : machineFailure(thrown)) ?? end;
}
