import type { SentError } from "./messages.ts";

/** An error as a thread is told of it: no message carries an error's name and code. */
export function sentError(thrown: unknown): SentError {
  const { message, name, code } = thrown as Error & { readonly code?: string };
  return { message, properties: { name, ...(code === undefined ? {} : { code }) } };
}
