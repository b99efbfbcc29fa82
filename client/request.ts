import { JobsApiError } from "./jobs-api-error.ts";

export interface RequestOptions extends Omit<RequestInit, "signal"> {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds until the headers of the answer must be there, or, with a `read`, what it reads. @default none */
  readonly timeoutMs?: number;
}

/**
 * One request, tried once.
 *
 * @param call names it in messages, such as `GET /jobs`.
 * @throws JobsApiError `NetworkError` when there is no answer; the signal's reason.
 */
export async function request<T>(
  call: string,
  url: string,
  { signal, timeoutMs, ...init }: RequestOptions,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const signals = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)].filter(
    (one) => one !== undefined,
  );
  try {
    return await read(await fetch(url, { ...init, signal: signals.length === 0 ? null : AbortSignal.any(signals) }));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof JobsApiError) throw error;
    // Of a body that is a stream: what it threw.
    if (error instanceof Error && error.cause instanceof JobsApiError) throw error.cause;
    throw new JobsApiError(`${call} got no answer: ${reasonOf(error)}`, { code: "NetworkError", cause: error });
  }
}

/** Headers as they are. @throws JobsApiError `InvalidSetting` where one cannot be sent, which `fetch` would tell like a broken connection. */
export function checkedHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers([[name, value]]);
    } catch {
      // The runtime's error has the value, which may be a secret.
      throw new JobsApiError(`the header ${name} has characters that no header may have`, { code: "InvalidSetting" });
    }
  }
  return headers;
}

/** What was thrown, in words; Node hides what the network did in the cause of a `TypeError: fetch failed`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return cause instanceof Error ? `${message} (${cause.message || (cause as { code?: unknown }).code})` : message;
}
