/** Errors as the SDK sees those of a try, so that its own retry strategy judges them. */

/** How long the product's clients wait for the answer to a try, in milliseconds (`domain/clients.ts`). */
export const REQUEST_TIMEOUT_MS = 5_000;

/** A failure of one try. */
export class TryError extends Error {
  /** Of Node's network stack. */
  readonly code?: string;
  readonly $fault?: "client" | "server";
  readonly $metadata: { readonly httpStatusCode?: number };
  /** Milliseconds from when AWS would have answered until the SDK knows. */
  readonly afterMs: number;

  constructor(name: string, about: { readonly code?: string; readonly status?: number; readonly afterMs?: number }) {
    super(`${name}, injected`);
    const { code, status, afterMs = 0 } = about;
    this.name = name;
    this.afterMs = afterMs;
    if (code !== undefined) this.code = code;
    if (status !== undefined) this.$fault = status < 500 ? "client" : "server";
    this.$metadata = status === undefined ? {} : { httpStatusCode: status };
  }
}

export const noConnection = (): TryError => new TryError("Error", { code: "ECONNREFUSED" });
export const connectionReset = (): TryError => new TryError("Error", { code: "ECONNRESET" });
export const serverError = (): TryError => new TryError("InternalServerError", { status: 500 });

/** @param afterMs what is left of the time that the SDK waits, in milliseconds. */
export const noAnswer = (afterMs = REQUEST_TIMEOUT_MS): TryError => new TryError("TimeoutError", { afterMs });

/** What each service calls it: DynamoDB by the operations on items; SQS and SNS by their own. */
export function throttled(operation: string): TryError {
  if (/Item$/.test(operation)) return new TryError("ProvisionedThroughputExceededException", { status: 400 });
  return operation === "PublishBatch"
    ? new TryError("ThrottlingException", { status: 400 })
    : new TryError("RequestThrottled", { status: 403 });
}
