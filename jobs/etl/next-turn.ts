import { setImmediate } from "node:timers/promises";

/**
 * Lets a job hear that it is aborted: the message to its thread is read between two turns of the event loop only, so work that
 * takes long awaits this between its parts.
 *
 * @throws the signal's reason once it is aborted.
 */
export async function nextTurn(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
