import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Fact } from "../history/fact.ts";
import { HANDLER_LINES } from "./chaos-job.ts";

/** A line of a worker's log; what is no JSON is its `message`. */
export interface WorkerLine {
  readonly message: string;
  readonly timestamp?: string;
  readonly jobId?: string;
  readonly attempt?: number;
  readonly reason?: string;
}

export interface WorkerChildSettings {
  /** Its name in the history. */
  readonly by: string;
  /** Folder of its bundle. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly record: (fact: Fact) => void;
  /** Settles when no call of the process can take effect any more; called when it has ended. */
  readonly callsSettled: () => Promise<void>;
}

export type Exit = readonly [code: number | null, signal: NodeJS.Signals | null];

/** Ends the worker when this process is gone, however it went. */
const END_WITH_PARENT = new URL("../../../local/aws/end-with-parent.ts", import.meta.url).href;

/** A worker's bundle as a process of its own, which tells the history when it heard of its end and what its handlers do. */
export class WorkerChild {
  readonly by: string;
  /** Its log, oldest first. */
  readonly lines: WorkerLine[] = [];
  /** Settles when it has ended, all that it wrote has been read, and no call of it can take effect any more. */
  readonly ended: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  readonly #record: (fact: Fact) => void;
  #exit: Exit | undefined;

  constructor({ by, directory, environment, record, callsSettled }: WorkerChildSettings) {
    this.by = by;
    this.#record = record;
    const program = path.join(directory, "worker.mjs");
    const child = spawn(process.execPath, ["--import", END_WITH_PARENT, program], {
      cwd: directory,
      env: environment,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream as NodeJS.ReadableStream }).on("line", (line) => this.#read(line));
    }
    this.ended = once(child, "close").then(async ([code, signal]: (number | NodeJS.Signals | null)[]) => {
      this.#exit = [code, signal] as Exit;
      await callsSettled();
      record({ kind: "gone", by, how: signal === null ? "exited" : "killed" });
      for (const look of this.#watchers) look();
      return this.#exit;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Settles with the first line that fits. @throws Error when the worker ends without one. */
  async logged(fits: (line: WorkerLine) => boolean): Promise<WorkerLine> {
    const { promise, resolve, reject } = Promise.withResolvers<WorkerLine>();
    const look = (): void => {
      const found = this.lines.find(fits);
      if (found !== undefined) resolve(found);
      else if (this.#exit !== undefined) reject(new Error(`${this.by} ended without such a line: ${this.#lastLines()}`));
    };
    this.#watchers.add(look);
    look();
    try {
      return await promise;
    } finally {
      this.#watchers.delete(look);
    }
  }

  #lastLines(): string {
    return JSON.stringify({ exit: this.#exit, lines: this.lines.slice(-5) });
  }

  #read(text: string): void {
    const line = parseLine(text);
    this.lines.push(line);
    const { message, jobId = "", attempt = 0, timestamp = "" } = line;
    const { by } = this;
    if (message === HANDLER_LINES.started) this.#record({ kind: "handlerStarted", by, jobId, attempt });
    if (message === HANDLER_LINES.ended) this.#record({ kind: "handlerEnded", by, jobId, attempt });
    if (message === "worker stops") this.#record({ kind: "told", by, at: Date.parse(timestamp) });
    for (const look of this.#watchers) look();
  }
}

/** A process that is killed may leave half a line. */
function parseLine(text: string): WorkerLine {
  try {
    return JSON.parse(text) as WorkerLine;
  } catch {
    return { message: text };
  }
}
