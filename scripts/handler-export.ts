import { parentPort, workerData } from "node:worker_threads";

/** What a handler's module has as its default export, or why it cannot be loaded. */
export type HandlerExport =
  | { readonly kind: "job"; readonly jobType: string }
  | { readonly kind: "other"; readonly type: string }
  | { readonly kind: "notLoaded"; readonly message: string };

interface Loaded {
  readonly default?: { readonly handler?: unknown; readonly jobType?: { readonly name?: unknown } } | null;
}

async function handlerExport(url: string): Promise<HandlerExport> {
  try {
    const { default: job } = (await import(url)) as Loaded;
    const name = job?.jobType?.name;
    if (typeof job?.handler === "function" && typeof name === "string") return { kind: "job", jobType: name };
    return { kind: "other", type: job === null ? "null" : typeof job };
  } catch (error) {
    return { kind: "notLoaded", message: error instanceof Error ? error.message : String(error) };
  }
}

/** A thread's program, for `check-handler.ts`: whatever a module does when it is loaded ends with the thread. */
if (parentPort !== null) parentPort.postMessage(await handlerExport(workerData as string));
