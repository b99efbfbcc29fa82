import { useEffect, useState } from "preact/hooks";
import type { ConsoleError } from "./data/console-error.ts";

/** What concerns every view alike: the page tells it once, at its head. */
const OF_ALL_VIEWS: ReadonlySet<string> = new Set(["ServerLost", "OldPage", "CredentialsExpired", "Forbidden", "ApiNotReached"]);

let current: ConsoleError | undefined;
const listeners = new Set<(error: ConsoleError | undefined) => void>();

export function isConnectionError(error: ConsoleError): boolean {
  return OF_ALL_VIEWS.has(error.code);
}

/** Told of the end of each request. @param error undefined where there was an answer. */
export function reportConnection(error: ConsoleError | undefined): void {
  const next = error !== undefined && isConnectionError(error) ? error : undefined;
  if (next?.message === current?.message) return;
  current = next;
  for (const listener of listeners) listener(next);
}

export function useConnection(): ConsoleError | undefined {
  const [error, setError] = useState(current);
  useEffect(() => {
    listeners.add(setError);
    return () => void listeners.delete(setError);
  }, []);
  return error;
}
