import { type AddRequest, type ApiCall, addJob, retryJob } from "./api-calls.ts";
import { isUnanswered, type Requests } from "./requests.ts";
import type { World } from "./world.ts";

/** A request that adds a job. */
interface Addition {
  readonly request: AddRequest;
  readonly isRepeatable: boolean;
  /** Asks once more. */
  readonly again: () => ApiCall;
  call: ApiCall;
}

/** The jobs that clients ask for, anew or by a retry: a request without an idempotency key is not repeated. */
export class StageAdditions implements Requests {
  readonly #world: World;
  readonly #additions: Addition[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** @param skewMs how far the Lambda's clock is ahead. */
  add(request: AddRequest, skewMs = 0): ApiCall {
    const again = (): ApiCall => addJob(this.#world, request);
    const isRepeatable = request.idempotencyKey !== undefined;
    return this.#begin({ request, isRepeatable, again, call: addJob(this.#world, request, skewMs) });
  }

  /** Retries a job whose ID the client knows. */
  retry(jobId: string, skewMs = 0): ApiCall {
    const { script } = this.accepted.get(jobId) ?? {};
    const again = (): ApiCall => retryJob(this.#world, jobId);
    const call = retryJob(this.#world, jobId, skewMs);
    return this.#begin({ request: script === undefined ? {} : { script }, isRepeatable: true, again, call });
  }

  /** The last request with an idempotency key. */
  get keyed(): AddRequest | undefined {
    return this.#additions.findLast(({ request }) => request.idempotencyKey !== undefined)?.request;
  }

  /** What jobs were added for, by the ID that their client was told; a key that was used again stands for its last job. */
  get accepted(): ReadonlyMap<string, AddRequest> {
    const added = this.#additions.flatMap(({ request, call: { answer } }) =>
      answer?.status === 202 ? [[answer.body.id, request] as const] : [],
    );
    return new Map(added);
  }

  get calls(): readonly ApiCall[] {
    return this.#additions.map(({ call }) => call);
  }

  get isUnanswered(): boolean {
    return this.#unanswered().length > 0;
  }

  repeat(): void {
    for (const addition of this.#unanswered()) addition.call = addition.again();
  }

  #unanswered(): Addition[] {
    return this.#additions.filter(({ isRepeatable, call }) => isRepeatable && isUnanswered(call));
  }

  #begin(addition: Addition): ApiCall {
    this.#additions.push(addition);
    return addition.call;
  }
}
