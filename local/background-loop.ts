import { setTimeout as delay } from "node:timers/promises";

/** Work that repeats until it is stopped. */
export interface BackgroundLoop {
  /** Settles when the round under way has ended. */
  stop(): Promise<void>;
}

export interface LoopSettings {
  /** One round; it should end early when the signal is aborted. */
  readonly round: (signal: AbortSignal) => Promise<void>;
  /** Milliseconds between the starts of two rounds. @default 0: one after the other */
  readonly everyMs?: number;
  /** Told when a round fails; the next is made a little later. */
  readonly onError: (error: Error) => void;
}

const AFTER_ERROR_MS = 1_000;

export function startLoop({ round, everyMs = 0, onError }: LoopSettings): BackgroundLoop {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (milliseconds: number) => delay(milliseconds, undefined, { signal }).catch(() => undefined);
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const started = performance.now();
      try {
        await round(signal);
      } catch (error) {
        if (signal.aborted) return;
        onError(error as Error);
        await pause(AFTER_ERROR_MS);
      }
      const rest = everyMs - (performance.now() - started);
      if (rest > 0) await pause(rest);
    }
  };
  const ended = run();
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}
