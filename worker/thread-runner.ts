import { once } from "node:events";
import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import { FileReceiver } from "./file-receiver.ts";
import { failure } from "./handler-failure.ts";
import type { AbortCode } from "./job-aborted-error.ts";
import type { Run, Runner, RunOutcome } from "./runner.ts";
import { threadLimits } from "./thread-limits.ts";
import type { ThreadTask, ToThread, ToWorker } from "./thread-messages.ts";

export interface ThreadRunnerSettings {
  /** URL of the module whose default export is the job. */
  readonly handlerUrl: string;
  readonly concurrency: number;
  /** Memory of the whole container, in MiB. */
  readonly memoryMiB: number;
}

/** Milliseconds that a thread without work is kept: loading a handler's packages again costs more. */
const IDLE_MS = 60_000;

/** What a thread's end by an error means for the job that it ran. */
const THREAD_ERRORS: Readonly<Record<string, string>> = {
  ERR_WORKER_OUT_OF_MEMORY: "OutOfMemory",
};

/**
 * Runs each job in a thread of its own: a handler that blocks, leaks or exhausts its heap harms no other job, and one that
 * never yields is killed with its thread.
 */
export function threadRunner({ handlerUrl, concurrency, memoryMiB }: ThreadRunnerSettings): Runner {
  const pool = new Piscina({
    filename: new URL(import.meta.url.endsWith(".ts") ? "./job-thread.ts" : "./job-thread.mjs", import.meta.url).href,
    minThreads: 0,
    maxThreads: concurrency,
    maxQueue: "auto",
    idleTimeout: IDLE_MS,
    // A blocking wait between tasks would also block what a handler left running, such as its connections' closing.
    atomics: "disabled",
    resourceLimits: threadLimits(concurrency, memoryMiB),
  });
  // A thread that dies between two jobs hurts nobody; the pool replaces it. During a job, the job's promise tells.
  pool.on("error", () => {});

  return {
    run: async (run) => {
      const { port1, port2 } = new MessageChannel();
      const closed = once(port1, "close", { signal: run.kill }).catch(() => {});
      const answer = (message: ToThread): void => port1.postMessage(message);
      const onAbort = (): void => answer({ kind: "abort", code: (run.signal.reason as { code: AbortCode }).code });
      const files = new FileReceiver(run.putFile, answer);
      port1.on("message", (message: ToWorker) => serve(run, message, files));
      run.signal.addEventListener("abort", onAbort, { once: true });
      const task: ThreadTask = { id: run.id, type: run.type, attempt: run.attempt, input: run.input, port: port2 };
      try {
        return (await pool.run({ ...task, handlerUrl }, { transferList: [port2], signal: run.kill })) as RunOutcome;
      } catch (error) {
        return threadFailure(error as Error & { code?: string }, run);
      } finally {
        run.signal.removeEventListener("abort", onAbort);
        // The thread's last lines may still be under way: its port closes after them. A port that never left closes here.
        port2.close();
        await closed;
        files.close();
        port1.close();
      }
    },
    close: async () => {
      await pool.destroy();
    },
  };
}

function serve(run: Run, message: ToWorker, files: FileReceiver): void {
  switch (message.kind) {
    case "progress":
      run.progress(message.fraction, message.message);
      return;
    case "log":
      run.log(message.level, message.message, message.details === undefined ? undefined : JSON.parse(message.details));
      return;
    default:
      files.receive(message);
  }
}

function threadFailure(error: Error & { code?: string }, run: Run): RunOutcome {
  if (run.kill.aborted) return failure("HandlerIgnoredAbort", "the handler did not stop within its grace, and was killed");
  return failure(THREAD_ERRORS[error.code ?? ""] ?? "HandlerCrashed", `the handler's thread ended: ${error.message}`);
}
