import { once } from "node:events";
import { setSourceMapsSupport } from "node:module";
import { type MessagePort, parentPort } from "node:worker_threads";
import type { Job } from "../../define-job.ts";
import { handlerFailure } from "../handler-failure.ts";
import { ConsoleLines } from "./console-lines.ts";
import { jobScope, MAX_STRAYS } from "./job-scope.ts";
import { Leftovers } from "./leftovers.ts";
import { loadJob, notLoadedOutcome } from "./load-job.ts";
import type { Look, ThreadData, ThreadTask, ToThread } from "./messages.ts";
import { NotedCalls } from "./noted-calls.ts";
import { SendWindow } from "./send-window.ts";
import { type Send, ThreadJob } from "./thread-job.ts";

/** The program of a thread that runs handlers, one job after the other, for as long as none of them leaves anything behind. */

const parent = parentPort as MessagePort;
const [{ handlerUrl, maxKeptMiB, mark, port, begun }] = (await once(parent, "message")) as [ThreadData];
// The port to the worker that handlers see leads nowhere: what they post there is not taken for our messages, and fills no memory.
parent.close();
const post = port.postMessage.bind(port);
const send: Send = (message, transfer = []) => post(message, transfer);
const window = new SendWindow();
const jobs = new Int32Array(begun);
/** Errors that came after the end of their job. */
let late = 0;
let current: ThreadJob | undefined;

function stray(thrown: unknown): void {
  // Before its second job, a thread has run no other job's code.
  const scope = jobScope.getStore() ?? (Atomics.load(jobs, 0) === 1 ? current?.scope : undefined);
  if (scope === undefined || current?.isOver || scope !== current?.scope) {
    late += 1;
    if (late > MAX_STRAYS) return;
  }
  if (scope !== undefined) scope.stray(thrown);
  else send({ kind: "stray", job: undefined, failure: handlerFailure(thrown) });
}

const outputs = (
  [
    ["stdout", "info"],
    ["stderr", "warn"],
  ] as const
).map(
  ([name, level]) =>
    new ConsoleLines(process[name], (line) => {
      const running = current?.isOver ? undefined : current;
      const scope = jobScope.getStore() ?? running?.scope;
      // What a job writes after its end belongs to no job.
      if (scope !== undefined && scope === running?.scope) running.log.log(level, line);
      return scope !== undefined;
    }),
);

async function serve(job: Job, leftovers: Leftovers, task: ThreadTask): Promise<void> {
  Atomics.add(jobs, 0, 1);
  current = new ThreadJob(task, {
    send,
    window,
    flush: () => {
      for (const output of outputs) output.flush();
    },
  });
  await current.run(job);
  send({ kind: "looked", look: await look(leftovers) });
}

async function look(leftovers: Leftovers): Promise<Look> {
  try {
    const found = await leftovers.find();
    return late === 0 ? found : { ...found, left: [...found.left, `${late} late error`] };
  } catch (error) {
    return { left: [`what keeps the thread from being looked at: ${String(error)}`], mayLinger: false };
  }
}

process.on("uncaughtException", stray);
process.on("unhandledRejection", stray);
setSourceMapsSupport(true, { nodeModules: true, generatedCode: true });
try {
  const calls = new NotedCalls();
  const job = await loadJob(handlerUrl);
  const leftovers = new Leftovers({ maxKeptMiB, mark, calls });
  port.on("message", (message: ToThread) => {
    if (message.kind === "run") void serve(job, leftovers, message.task);
    else if (message.kind === "written") window.giveBack(message.units);
    else current?.receive(message);
  });
} catch (error) {
  send({ kind: "notLoaded", outcome: notLoadedOutcome(error) });
  port.close();
}
