import { sentenceOf } from "./console-error.ts";

/** Requests at a time: few, as others use the API too. */
const CONCURRENCY = 4;

export interface InTurnResult {
  readonly done: number;
  /** The sentence of each that failed, one for all that failed alike. */
  readonly failures: ReadonlyMap<string, number>;
}

/** Does the same to many, a few at a time, and goes on past those that fail. */
export async function inTurn<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
  onProgress: (ended: number) => void,
): Promise<InTurnResult> {
  const failures = new Map<string, number>();
  let next = 0;
  let done = 0;
  let ended = 0;
  const work = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) {
      try {
        await act(item);
        done += 1;
      } catch (error) {
        const told = sentenceOf(error);
        failures.set(told, (failures.get(told) ?? 0) + 1);
      }
      ended += 1;
      onProgress(ended);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { done, failures };
}
