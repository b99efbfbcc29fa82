import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";

/** A line of a worker's log; what is no JSON is its `message`. */
export type WorkerLine = Readonly<Record<string, unknown>>;

export type Exit = readonly [code: number | null, signal: NodeJS.Signals | null];

/** A worker's bundle, running as a process of its own. */
export interface WorkerProcess {
  readonly pid: number;
  readonly isRunning: () => boolean;
  /** Lines of its log, oldest first. */
  readonly lines: readonly WorkerLine[];
  /** Settles with the first line with this message. */
  readonly logged: (message: string) => Promise<WorkerLine>;
  /** Exit code and signal; all that it wrote has been read by then. */
  readonly ended: Promise<Exit>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

export interface WorkerProgram {
  readonly program: string;
  readonly environment: NodeJS.ProcessEnv;
  /** @default this process's own */
  readonly directory?: string;
  /** Arguments of Node. */
  readonly nodeArguments?: readonly string[];
  /** Hears of each line of the log. */
  readonly onLine?: (line: WorkerLine) => void;
}

/** Starts `dist/workers/<type>/worker.mjs` with these variables besides those of this process. */
export function startWorkerProcess(type: string, variables: Readonly<Record<string, string>>): WorkerProcess {
  return startWorkerProgram({ program: `dist/workers/${type}/worker.mjs`, environment: { ...process.env, ...variables } });
}

/** Starts a worker's program. */
export function startWorkerProgram({
  program,
  directory,
  environment,
  nodeArguments = [],
  onLine,
}: WorkerProgram): WorkerProcess {
  if (!existsSync(program)) throw new Error(`${program} is missing; run npm run build`);
  const child: ChildProcess = spawn(process.execPath, [...nodeArguments, program], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    env: environment,
    cwd: directory,
  });
  const lines: WorkerLine[] = [];
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream as NodeJS.ReadableStream }).on("line", (text) => {
      const line = parseLine(text);
      lines.push(line);
      onLine?.(line);
      for (const look of watchers) look();
    });
  }
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  const logged: WorkerProcess["logged"] = async (message) => {
    const found = Promise.withResolvers<WorkerLine>();
    const look = (): void => {
      const line = lines.find((known) => known.message === message);
      if (line !== undefined) found.resolve(line);
    };
    watchers.add(look);
    look();
    void ended.then(() => found.reject(new Error(`the worker ended without a line "${message}": ${JSON.stringify(lines)}`)));
    return await found.promise;
  };
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return { pid: child.pid ?? 0, isRunning, lines, logged, ended, kill: (signal) => void child.kill(signal) };
}

/** A process that is killed may leave half a line. */
function parseLine(text: string): WorkerLine {
  try {
    return text.startsWith("{") ? JSON.parse(text) : { message: text };
  } catch {
    return { message: text };
  }
}
