import type { Exit } from "../../support/worker-process.ts";
import type { ChaosPlatform } from "./chaos-platform.ts";
import type { WorkerChild } from "./worker-child.ts";

/** Keeps so many workers of each type running, as ECS does: one that ended, however it did, is replaced. */
export class WorkerPool {
  readonly #platform: ChaosPlatform;
  readonly #variables: Readonly<Record<string, NodeJS.ProcessEnv>>;
  readonly #workers = new Map<WorkerChild, { readonly type: string; frozen: boolean }>();
  /** How workers ended, in order. */
  readonly exits: { readonly by: string; readonly exit: Exit }[] = [];
  #closing = false;

  /** @param variables environment variables of the workers of a type. */
  constructor(platform: ChaosPlatform, variables: Readonly<Record<string, NodeJS.ProcessEnv>> = {}) {
    this.#platform = platform;
    this.#variables = variables;
  }

  /** Starts so many workers of each type. */
  async start(sizes: Readonly<Record<string, number>>): Promise<void> {
    const starts = Object.entries(sizes).flatMap(([type, size]) => Array.from({ length: size }, () => this.#startWorker(type)));
    await Promise.all(starts);
  }

  /** Workers that run, and are not frozen. */
  get awake(): readonly WorkerChild[] {
    return [...this.#workers].filter(([worker, { frozen }]) => worker.process.isRunning() && !frozen).map(([worker]) => worker);
  }

  /** SIGSTOP, and SIGCONT after so long. */
  freeze(worker: WorkerChild, milliseconds: number): void {
    const entry = this.#workers.get(worker);
    if (entry === undefined) return;
    entry.frozen = true;
    worker.signal("SIGSTOP");
    setTimeout(() => {
      entry.frozen = false;
      worker.signal("SIGCONT");
    }, milliseconds);
  }

  /** Ends all workers in order, by SIGTERM. @returns how they ended. */
  async close(): Promise<Exit[]> {
    this.#closing = true;
    const workers = [...this.#workers.keys()];
    for (const worker of workers) worker.signal("SIGTERM");
    return await Promise.all(workers.map(({ ended }) => ended));
  }

  async #startWorker(type: string): Promise<void> {
    const worker = await this.#platform.startWorker(type, this.#variables[type]);
    this.#workers.set(worker, { type, frozen: false });
    void worker.ended.then(async (exit) => {
      this.#workers.delete(worker);
      this.exits.push({ by: worker.by, exit });
      if (!this.#closing && !this.#platform.isStopping) await this.#startWorker(type);
    });
  }
}
