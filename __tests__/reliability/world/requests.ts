import type { ApiCall } from "./api-calls.ts";

/** A call, as far as it tells whether its client has to repeat it. */
export interface Asked extends Pick<ApiCall, "over"> {
  readonly answer: { readonly status: number } | undefined;
}

/** Requests of one kind, of clients that repeat what got no answer. */
export interface Requests {
  /** Each, by its last repetition. */
  readonly calls: readonly Asked[];
  /** Whether one that may be repeated got no answer. */
  readonly isUnanswered: boolean;
  /** Asks those once more, each of a fresh Lambda. */
  repeat(): void;
}

/** Whether a call's Lambda died before it answered, or failed: nobody knows what it did. */
export function isUnanswered({ over, answer }: Asked): boolean {
  return over && (answer?.status ?? 500) >= 500;
}
