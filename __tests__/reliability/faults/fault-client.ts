import { setTimeout as delay } from "node:timers/promises";
import { type AddRequest, type ApiCall, addJob, cancelJob, getJob, type LambdaSettings } from "../world/api-calls.ts";
import type { World } from "../world/world.ts";
import type { PlannedJob } from "./fault-plan.ts";
import { limitInvocation } from "./invocation-limit.ts";

type Answer = NonNullable<ApiCall["answer"]>;

/** How often a client looks whether it was answered, in milliseconds of the world's clock. */
const LOOK_MS = 200;
/** Between two tries of a request, in milliseconds. */
const PAUSE_MS = 2_000;
/** A client that repeats its request does so past the end of all faults. */
const MAX_TRIES = 50;
/** A client that cancels or reads gives up sooner. */
const FEW_TRIES = 4;

/** Clients of one planned job: each is a process of its own, with the world's time. */
export class FaultClient {
  readonly #world: World;
  readonly #lambdas: LambdaSettings;
  /** What was not answered although it had to be. */
  readonly unanswered: string[] = [];
  /** Jobs that clients were told of. */
  readonly accepted = new Set<string>();

  constructor(world: World, lambdas: LambdaSettings) {
    this.#world = world;
    this.#lambdas = lambdas;
  }

  start(planned: PlannedJob, idempotencyKey: string): void {
    const { atMs, request, isKeyed, again } = planned;
    this.#run(async () => {
      await delay(atMs);
      const answer = await this.#add(isKeyed ? { ...request, idempotencyKey } : request);
      if (answer?.status === 202) await this.#goOn(planned, answer.body.id);
    });
    if (again === undefined) return;
    const repeated = again.sameRequest ? request : { ...request, script: { ...request.script, failures: 1 } };
    this.#run(async () => {
      await delay(atMs + again.afterMs);
      await this.#add({ ...repeated, idempotencyKey });
    });
  }

  #run(client: () => Promise<void>): void {
    const process = this.#world.spawn("client");
    process.run(() => void client().then(() => process.exit()));
  }

  async #goOn({ cancelAfterMs, readAfterMs }: PlannedJob, jobId: string): Promise<void> {
    if (cancelAfterMs !== undefined) {
      await delay(cancelAfterMs);
      await this.#answered(() => cancelJob(this.#world, jobId, this.#lambdas), FEW_TRIES);
    }
    if (readAfterMs === undefined) return;
    await delay(readAfterMs);
    await this.#answered(() => getJob(this.#world, jobId, this.#lambdas), FEW_TRIES);
  }

  async #add(request: AddRequest): Promise<Answer | undefined> {
    const { idempotencyKey } = request;
    const tries = idempotencyKey === undefined ? 1 : MAX_TRIES;
    const answer = await this.#answered(() => addJob(this.#world, request, this.#lambdas), tries);
    if (answer?.status === 202) this.accepted.add(answer.body.id);
    else if (answer === undefined && idempotencyKey !== undefined) this.unanswered.push(`the add with key ${idempotencyKey}`);
    return answer;
  }

  /** Makes a request until it is answered with something else than a 5xx. */
  async #answered(request: () => ApiCall, tries: number): Promise<Answer | undefined> {
    for (let tried = 0; tried < tries; tried += 1) {
      if (tried > 0) await delay(PAUSE_MS);
      const call = request();
      limitInvocation(call.process);
      while (!call.over) await delay(LOOK_MS);
      if (call.answer !== undefined && call.answer.status < 500) return call.answer;
    }
    return undefined;
  }
}
