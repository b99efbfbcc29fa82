import { setTimeout as sleep } from "node:timers/promises";

export interface PaceSettings {
  /** Begun in a second, at most. */
  readonly rate: number;
  /** Under way at a time, at most. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/**
 * Does something with each item, few at a time and no faster than the rate. It ends with those that are under way when the signal is aborted.
 *
 * @throws what the first that fails throws, when those under way have ended.
 */
export async function paced<Item>(
  items: readonly Item[],
  { rate, concurrency, signal }: PaceSettings,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const failures: unknown[] = [];
  let nextAt = performance.now();
  const worker = async (): Promise<void> => {
    for (const item of rest) {
      const waitMs = nextAt - performance.now();
      nextAt = Math.max(nextAt, performance.now()) + 1_000 / rate;
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || failures.length > 0) return;
      try {
        await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failures.length > 0) throw failures[0];
}
