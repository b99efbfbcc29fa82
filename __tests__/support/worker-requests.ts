import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/** Node tells of every request that a server of this process, such as an emulator, receives. */
const CHANNEL = "http.server.request.start";

export interface CountedRequests {
  /** Requests by operation, such as `UpdateItem`. */
  readonly byOperation: ReadonlyMap<string, number>;
  readonly total: () => number;
  readonly stop: () => void;
}

/** Counts the AWS calls that reach the emulators from now on, from whatever thread or process they come. */
export function countRequests(): CountedRequests {
  const byOperation = new Map<string, number>();
  const count = (message: unknown): void => {
    const { headers, method } = (message as { request: IncomingMessage }).request;
    const operation =
      String(headers["x-amz-target"] ?? method)
        .split(".")
        .at(-1) ?? "";
    byOperation.set(operation, (byOperation.get(operation) ?? 0) + 1);
  };
  subscribe(CHANNEL, count);
  return {
    byOperation,
    total: () => [...byOperation.values()].reduce((sum, requests) => sum + requests, 0),
    stop: () => unsubscribe(CHANNEL, count),
  };
}
