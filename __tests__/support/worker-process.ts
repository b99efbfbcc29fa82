import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";

/** A worker's bundle, running as a process of its own. */
export interface WorkerProcess {
  /** Lines of its log, oldest first. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** Settles with the first line with this message. */
  readonly logged: (message: string) => Promise<Readonly<Record<string, unknown>>>;
  /** Exit code and signal; all that it wrote has been read by then. */
  readonly ended: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Starts `dist/workers/<type>/worker.mjs` with these variables besides those of this process. */
export function startWorkerProcess(type: string, variables: Readonly<Record<string, string>>): WorkerProcess {
  const program = `dist/workers/${type}/worker.mjs`;
  if (!existsSync(program)) throw new Error(`${program} is missing; run npm run build`);
  const child: ChildProcess = spawn(process.execPath, [program], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...variables },
  });
  const lines: Readonly<Record<string, unknown>>[] = [];
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream as NodeJS.ReadableStream }).on("line", (line) => {
      lines.push(line.startsWith("{") ? JSON.parse(line) : { message: line });
      for (const look of watchers) look();
    });
  }
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  const logged: WorkerProcess["logged"] = async (message) => {
    const found = Promise.withResolvers<Readonly<Record<string, unknown>>>();
    const look = (): void => {
      const line = lines.find((known) => known.message === message);
      if (line !== undefined) found.resolve(line);
    };
    watchers.add(look);
    look();
    void ended.then(() => found.reject(new Error(`the worker ended without a line "${message}": ${JSON.stringify(lines)}`)));
    return await found.promise;
  };
  return { lines, logged, ended, kill: (signal) => void child.kill(signal) };
}
