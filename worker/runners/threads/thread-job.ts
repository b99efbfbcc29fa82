import type { Job } from "../../define-job.ts";
import { JobAbortedError } from "../../job-aborted-error.ts";
import { callHandler } from "../../job-context.ts";
import { JobLog } from "../../job-log.ts";
import { crash, handlerFailure } from "../handler-failure.ts";
import { CheckpointSender } from "./checkpoint-sender.ts";
import { FileSender } from "./file-sender.ts";
import { InputReader } from "./input-reader.ts";
import { type JobScope, jobScope } from "./job-scope.ts";
import type { ThreadTask, ToWorker, WorkerToJob } from "./messages.ts";
import type { SendWindow } from "./send-window.ts";

export interface ThreadJobSettings {
  readonly send: Send;
  readonly window: SendWindow;
  /** Hands on what the handler has written to the console by now. */
  readonly flush: () => void;
}

export type Send = (message: ToWorker, transfer?: readonly ArrayBuffer[]) => void;
type Report = Extract<ToWorker, { kind: "progress" }>;

/** A job in its thread: runs the handler, and speaks with the worker for it until it has ended. */
export class ThreadJob {
  readonly scope: JobScope;
  readonly log: JobLog;
  readonly #task: ThreadTask;
  readonly #send: Send;
  readonly #flush: () => void;
  readonly #abort = new AbortController();
  readonly #files: FileSender;
  readonly #inputs: InputReader;
  readonly #checkpoints: CheckpointSender;
  /** Reports that wait until the worker has taken the last one: only the newest matters. */
  #waiting: Report | undefined;
  #isReporting = false;
  #isOver = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  constructor(task: ThreadTask, { send, window, flush }: ThreadJobSettings) {
    const { id, type, attempt, traceparent } = task;
    this.#task = task;
    this.#send = send;
    this.#flush = flush;
    this.#files = new FileSender(send);
    this.#inputs = new InputReader(send);
    this.#checkpoints = new CheckpointSender(send);
    this.scope = { id, type, attempt, traceparent, stray: (thrown) => this.#stray(thrown) };
    this.log = new JobLog((line, { isLast }) => {
      if (!isLast && !window.take(line.bytes)) return false;
      if (!this.#isOver) send({ kind: "line", line });
      return true;
    });
  }

  /** Settles when the handler has ended, and the worker been told; what the handler still does then has no effect. */
  async run(job: Job): Promise<void> {
    const { id, type, attempt, traceparent, input, resumeFrom, files } = this.#task;
    const outcome = await jobScope.run(this.scope, () =>
      callHandler(job, {
        id,
        type,
        attempt,
        traceparent,
        input,
        resumeFrom,
        files,
        signal: this.#abort.signal,
        progress: (fraction, message) => this.#report({ kind: "progress", fraction, message }),
        log: (level, message, details) => this.log.log(level, message, details),
        checkpoint: (json) => this.#checkpoints.put(json),
        putFile: (name, content, contentType) => this.#files.put(name, content, contentType),
        readFile: (name, start) => this.#inputs.read(name, start),
        saveFile: (name) => this.#inputs.save(name),
      }),
    );
    this.#end({ kind: "ended", outcome });
  }

  receive(message: WorkerToJob): void {
    if (this.#isOver) return;
    if (message.kind === "progressTaken") {
      this.#isReporting = false;
      if (this.#waiting !== undefined) this.#report(this.#waiting);
      return;
    }
    // What follows from it, such as the handler's own listeners, is the job's.
    jobScope.run(this.scope, () => {
      if (message.kind === "abort") this.#abort.abort(new JobAbortedError(message.code));
      else if (message.kind === "checkpointStored" || message.kind === "checkpointFailed") this.#checkpoints.receive(message);
      else if (message.kind === "inputRead" || message.kind === "inputSaved" || message.kind === "inputFailed") {
        this.#inputs.receive(message);
      } else this.#files.receive(message);
    });
  }

  #report(report: Report): void {
    if (this.#isOver) return;
    this.#waiting = this.#isReporting ? report : undefined;
    if (this.#isReporting) return;
    this.#isReporting = true;
    this.#send(report);
  }

  #stray(thrown: unknown): void {
    if (this.#isOver) this.#send({ kind: "stray", job: this.#keys(), failure: handlerFailure(thrown) });
    else this.#end({ kind: "crashed", outcome: crash(thrown) });
  }

  #end(message: Extract<ToWorker, { kind: "ended" | "crashed" }>): void {
    if (this.#isOver) return;
    if (this.#waiting !== undefined) this.#send(this.#waiting);
    this.#checkpoints.end();
    this.#flush();
    this.log.end();
    this.#isOver = true;
    this.#send(message);
  }

  #keys() {
    const { id, type, attempt, traceparent } = this.#task;
    return { id, type, attempt, traceparent };
  }
}
