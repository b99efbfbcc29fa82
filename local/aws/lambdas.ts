import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { LAMBDA_TIMEOUT_SECONDS } from "@autoscaling-job-queues/domain/limits";
import { LAMBDAS, type LambdaName } from "@autoscaling-job-queues/domain/routes";
import { type ChildProgram, startChildProgram } from "./child-program.ts";

/** What the parent asks of the Lambdas' process. */
export interface Invocation {
  readonly name: LambdaName;
  /** The event, as JSON. */
  readonly payload: string;
  readonly timeoutMs: number;
  /** How far the clock is ahead of the machine's. */
  readonly clockAheadMs: number;
}

/** Synchronous invocations: 6 MiB for the event, and for the answer (Lambda quotas). */
const MAX_PAYLOAD_BYTES = 6 * 1_048_576;

/** Thrown when an event is too large to invoke a Lambda with. */
export class EventTooLargeError extends JobQueueError {
  constructor(name: LambdaName, bytes: number) {
    super("RequestTooLarge", `an event of ${bytes} bytes is more than ${name} can be invoked with, ${MAX_PAYLOAD_BYTES}`);
  }
}

/** Thrown when a Lambda fails: its handler throws, its process ends, it takes too long, or its answer is too large. */
export class FunctionError extends JobQueueError {
  constructor(name: LambdaName, problem: string) {
    super("FunctionError", `${name} ${problem}`);
  }
}

export interface LambdasSettings {
  /** Where the bundles are: `<folder>/<lambda>/index.mjs`. */
  readonly folder: string;
  /** What the deployed functions have, with the SDK's endpoints. */
  readonly environment: NodeJS.ProcessEnv;
  readonly log: string;
  /** Told in one sentence when the process of the Lambdas ended; the next invocation starts it again. */
  readonly report: (line: string) => void;
  /** How far their clock is ahead of the machine's. @default 0 */
  readonly clockAheadMs?: () => number;
  /** @default 29,000, as deployed */
  readonly timeoutMs?: number;
}

/** The Lambdas of the platform, in one process. */
export class Lambdas {
  readonly #settings: LambdasSettings;
  readonly #timeoutMs: number;
  #host: Promise<ChildProgram<undefined>> | undefined;
  /** Processes that answer the calls that they have, and get no others. */
  readonly #retired = new Set<ChildProgram<undefined>>();
  #stopping = false;

  constructor(settings: LambdasSettings) {
    this.#settings = settings;
    this.#timeoutMs = settings.timeoutMs ?? LAMBDA_TIMEOUT_SECONDS * 1_000;
  }

  /**
   * Loads the bundles.
   *
   * @throws JobQueueError "MissingBuild" when one is missing, "ProcessEnded" when one cannot be loaded.
   */
  async start(): Promise<void> {
    for (const name of LAMBDAS) {
      const bundle = path.join(this.#settings.folder, name, "index.mjs");
      if (!existsSync(bundle)) throw new JobQueueError("MissingBuild", `${bundle} is missing; run npm run build`);
    }
    await this.#running();
  }

  /**
   * Invokes a Lambda and waits for its answer.
   *
   * @throws EventTooLargeError
   * @throws FunctionError
   */
  async invoke(name: LambdaName, event: unknown): Promise<unknown> {
    const payload = JSON.stringify(event);
    const bytes = Buffer.byteLength(payload);
    if (bytes > MAX_PAYLOAD_BYTES) throw new EventTooLargeError(name, bytes);
    const clockAheadMs = this.#settings.clockAheadMs?.() ?? 0;
    const invocation: Invocation = { name, payload, timeoutMs: this.#timeoutMs, clockAheadMs };
    const timeout = new AbortController();
    const timedOut = delay(this.#timeoutMs, undefined, { signal: timeout.signal }).then(() => {
      throw new FunctionError(name, `timed out after ${this.#timeoutMs / 1_000} s`);
    });
    try {
      const host = await this.#running();
      const answer = await Promise.race([host.request<string>(invocation), timedOut]);
      if (Buffer.byteLength(answer) > MAX_PAYLOAD_BYTES) throw new FunctionError(name, "answered with more than 6 MB");
      return JSON.parse(answer);
    } catch (error) {
      throw error instanceof FunctionError ? error : new FunctionError(name, `failed: ${(error as Error).message}`);
    } finally {
      timedOut.catch(() => undefined);
      timeout.abort();
    }
  }

  /** Starts a process of their own for the calls that come: what the Lambdas remember is forgotten. Those under way are answered. */
  async renew(): Promise<void> {
    const old = await this.#running();
    const next = this.#startHost();
    this.#host = next;
    await next;
    this.#retired.add(old);
    void old.settled().then(async () => {
      await old.stop();
      this.#retired.delete(old);
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([this.#host, ...this.#retired].map(async (host) => await (await host)?.stop()));
  }

  #running(): Promise<ChildProgram<undefined>> {
    if (this.#stopping) return Promise.reject(new JobQueueError("Stopped", "the platform is stopping"));
    this.#host ??= this.#startHost();
    return this.#host;
  }

  async #startHost(): Promise<ChildProgram<undefined>> {
    const { folder, environment, log, report } = this.#settings;
    try {
      const host = await startChildProgram<undefined>({
        name: "the process of the Lambdas",
        program: new URL("./lambda-host.ts", import.meta.url),
        args: [folder],
        environment,
        log,
        serialization: "advanced",
      });
      const current = this.#host;
      void host.ended.then((how) => {
        // One that was replaced ends as it was told.
        if (this.#host !== current) return;
        this.#host = undefined;
        if (!this.#stopping) report(how);
      });
      return host;
    } catch (error) {
      this.#host = undefined;
      throw error;
    }
  }
}
