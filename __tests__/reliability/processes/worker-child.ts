import path from "node:path";
import { type Exit, startWorkerProgram, type WorkerLine, type WorkerProcess } from "../../support/worker-process.ts";
import type { CheckpointName, Fact } from "../history/fact.ts";
import { HANDLER_LINES } from "./chaos-job.ts";

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

/** Ends the worker when this process is gone, however it went. */
const END_WITH_PARENT = new URL("../../../local/aws/end-with-parent.ts", import.meta.url).href;

/** A worker's bundle as a process of its own, which tells the history when it heard of its end and what its handlers do. */
export class WorkerChild {
  readonly by: string;
  readonly process: WorkerProcess;
  /** Settles when it has ended, all that it wrote has been read, and no call of it can take effect any more. */
  readonly ended: Promise<Exit>;

  constructor({ by, directory, environment, record, callsSettled }: WorkerChildSettings) {
    this.by = by;
    this.process = startWorkerProgram({
      program: path.join(directory, "worker.mjs"),
      directory,
      environment,
      nodeArguments: ["--import", END_WITH_PARENT],
      onLine: (line) => {
        const fact = factOf(by, line);
        if (fact !== undefined) record(fact);
      },
    });
    this.ended = this.process.ended.then(async (exit) => {
      await callsSettled();
      record({ kind: "gone", by, how: exit[1] === null ? "exited" : "killed" });
      return exit;
    });
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }
}

function factOf(by: string, { message, jobId, attempt, timestamp, details }: WorkerLine): Fact | undefined {
  const run = { by, jobId: String(jobId), attempt: Number(attempt) };
  const checkpoint = details as CheckpointName | undefined;
  if (message === HANDLER_LINES.started) {
    return { kind: "handlerStarted", ...run, ...(checkpoint === undefined ? {} : { resumedFrom: checkpoint }) };
  }
  if (message === HANDLER_LINES.ended) return { kind: "handlerEnded", ...run };
  const { number = 0 } = checkpoint ?? {};
  if (message === HANDLER_LINES.checkpointBegun) return { kind: "checkpointBegun", ...run, number };
  if (message === HANDLER_LINES.checkpointStored) return { kind: "checkpointStored", ...run, number };
  return message === "worker stops" ? { kind: "told", by, at: Date.parse(String(timestamp)) } : undefined;
}
