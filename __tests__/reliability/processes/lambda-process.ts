import { fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { LambdaName } from "../../../domain/routes.ts";
import { ChildProgram } from "../../../local/aws/child-program.ts";
import type { Invocation } from "../../../local/aws/lambdas.ts";
import { PROBE_ARGUMENTS } from "./reachable-memory.ts";

interface Host {
  readonly program: ChildProgram<undefined>;
  readonly pid: number;
  readonly kill: () => void;
}

const HOST = new URL("../../../local/aws/lambda-host.ts", import.meta.url);
/** As deployed: ADD_JOB_TIMEOUT_SECONDS. */
const TIMEOUT_MS = 29_000;

/**
 * The Lambdas' process of the local platform, `local/aws/lambda-host.ts` with the built bundles, which this one can kill: the next
 * invocation starts it anew. It ends with this process.
 */
export class LambdaProcess {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #log: string;
  #host: Promise<Host> | undefined;

  /** @param log file for what the Lambdas print. */
  constructor(environment: NodeJS.ProcessEnv, log: string) {
    this.#environment = environment;
    this.#log = log;
  }

  /** Invokes a Lambda. @throws Error when its process ends, or it takes longer than the deployed one may. */
  async invoke(name: LambdaName, event: unknown): Promise<unknown> {
    const { program } = await this.#running();
    const invocation: Invocation = { name, payload: JSON.stringify(event), timeoutMs: TIMEOUT_MS };
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`${name} timed out`)), TIMEOUT_MS);
    try {
      return JSON.parse(await Promise.race([program.request<string>(invocation), late.promise]));
    } finally {
      clearTimeout(timer);
    }
  }

  async pid(): Promise<number> {
    return (await this.#running()).pid;
  }

  /** SIGKILL, in the middle of whatever it does. */
  async kill(): Promise<void> {
    const host = await this.#host;
    host?.kill();
    await host?.program.ended;
  }

  async #running(): Promise<Host> {
    this.#host ??= this.#start();
    return await this.#host;
  }

  async #start(): Promise<Host> {
    const log = openSync(this.#log, "a");
    const child = fork(fileURLToPath(HOST), [path.resolve("dist/handlers")], {
      env: this.#environment,
      execArgv: [...PROBE_ARGUMENTS],
      serialization: "advanced",
      stdio: ["ignore", log, log, "ipc"],
    });
    closeSync(log);
    const ended = once(child, "exit").then(([code, signal]) => {
      this.#host = undefined;
      return `the Lambdas' process ended with ${signal ?? code}`;
    });
    const [message] = (await Promise.race([once(child, "message"), ended.then((how) => [how])])) as [unknown];
    if (typeof message === "string") throw new Error(message);
    const program = new ChildProgram<undefined>(child, undefined, ended);
    return { program, pid: child.pid ?? 0, kill: () => void child.kill("SIGKILL") };
  }
}
