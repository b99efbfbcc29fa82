import { type AddBatchRequest, addBatch, type BatchCall } from "./api-calls.ts";
import { isUnanswered, type Requests } from "./requests.ts";
import type { World } from "./world.ts";

/** The batches that clients ask for; each is repeated under its key. */
export class StageBatches implements Requests {
  readonly #world: World;
  readonly #batches: { readonly request: AddBatchRequest; call: BatchCall }[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  add(request: AddBatchRequest): BatchCall {
    const call = addBatch(this.#world, request);
    this.#batches.push({ request, call });
    return call;
  }

  /** IDs of those that clients know. */
  get ids(): readonly string[] {
    return this.calls.flatMap(({ answer }) => (answer?.status === 202 ? [answer.body.id] : []));
  }

  get calls(): readonly BatchCall[] {
    return this.#batches.map(({ call }) => call);
  }

  get isUnanswered(): boolean {
    return this.calls.some(isUnanswered);
  }

  repeat(): void {
    for (const batch of this.#batches) {
      if (isUnanswered(batch.call)) batch.call = addBatch(this.#world, batch.request);
    }
  }
}
