/**
 * Headers of a request that adds something.
 *
 * @param idempotencyKey names the request. @default a random one, which all tries of the call share
 */
export function addHeaders(
  idempotencyKey: string = randomKey(),
  traceparent: string | undefined = undefined,
): Readonly<Record<string, string>> {
  return { "idempotency-key": idempotencyKey, ...traceHeader(traceparent) };
}

/** The place of a request in a trace, where it has one. */
export function traceHeader(traceparent: string | undefined): Readonly<Record<string, string>> {
  return traceparent === undefined ? {} : { traceparent };
}

/** `crypto.randomUUID` is missing from pages that did not come over HTTPS. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
