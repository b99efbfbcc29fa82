import type { Job } from "./define-job.ts";
import { FileSender } from "./file-sender.ts";
import { handlerFailure } from "./handler-failure.ts";
import { JobAbortedError } from "./job-aborted-error.ts";
import { callHandler } from "./job-context.ts";
import type { RunOutcome } from "./runner.ts";
import type { ThreadTask, ToThread, ToWorker } from "./thread-messages.ts";

/** A program of the thread pool: runs one job's handler, and speaks with the worker through the task's port. */
export default async function runInThread(task: ThreadTask & { readonly handlerUrl: string }): Promise<RunOutcome> {
  const { id, type, attempt, input, port } = task;
  const controller = new AbortController();
  const send = (message: ToWorker, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const files = new FileSender(send);

  port.on("message", (message: ToThread) => {
    if (message.kind === "abort") controller.abort(new JobAbortedError(message.code));
    else files.receive(message);
  });

  try {
    const { default: job } = (await import(task.handlerUrl)) as { default: Job };
    return await callHandler(job, {
      id,
      type,
      attempt,
      input,
      signal: controller.signal,
      progress: (fraction, message) => send({ kind: "progress", fraction, message }),
      log: (level, message, details) => send({ kind: "log", level, message, details: JSON.stringify(details) }),
      putFile: (name, content, contentType) => files.put(name, content, contentType),
    });
  } catch (error) {
    // The handler's module could not be loaded.
    return handlerFailure(error);
  } finally {
    port.close();
  }
}
