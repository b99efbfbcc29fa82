import { JOB_LIFETIME_DAYS, MAX_MESSAGE_CHARACTERS } from "@autoscaling-job-queues/domain/limits";
import { errorStack } from "./error-stack.ts";
import type { RunOutcome } from "./runner.ts";

export type Failure = Extract<RunOutcome, { kind: "failed" }>;

/** The longest delay before another attempt: a job that waits for longer has expired. */
const MAX_RETRY_AFTER_SECONDS = JOB_LIFETIME_DAYS * 86_400;

/** A code that is stored and shown: letters, digits, dots, underscores and hyphens. */
const CODE = /^[A-Za-z][\w.-]{0,63}$/;

/**
 * What a handler threw, as the job stores it. Errors are known by name, because a handler's bundle has classes of its
 * own. Anything may be thrown: a non-error is shown as text.
 */
export function handlerFailure(thrown: unknown): Failure {
  try {
    const stack = errorStack(thrown);
    return { ...read(thrown), ...(stack === undefined ? {} : { stack }) };
  } catch {
    return failure("HandlerError", "the handler threw something whose properties cannot be read");
  }
}

function read(thrown: unknown): Failure {
  const error = typeof thrown === "object" && thrown !== null ? (thrown as Record<string, unknown>) : {};
  const name = textOf(error.name);
  const code = [textOf(error.code), name].find((candidate) => CODE.test(candidate)) ?? "Error";
  return {
    kind: "failed",
    code: code === "Error" ? "HandlerError" : code,
    message: cut(messageOf(thrown, error.message, name)),
    permanent: name === "PermanentError",
    ...(name === "RetryAfterError" && typeof error.seconds === "number" && error.seconds >= 0
      ? { retryAfterSeconds: Math.min(error.seconds, MAX_RETRY_AFTER_SECONDS) }
      : {}),
  };
}

export function failure(code: string, message: string, permanent = false): Failure {
  return { kind: "failed", code, message: cut(message), permanent };
}

/** The outcome of a handler during which something was thrown that nothing caught. */
export function crash(thrown: unknown): Failure {
  const { message, stack } = handlerFailure(thrown);
  return {
    ...failure("HandlerCrashed", `an error that nothing caught: ${message}`),
    ...(stack === undefined ? {} : { stack }),
  };
}

function cut(text: string): string {
  return text.length > MAX_MESSAGE_CHARACTERS
    ? `${text.slice(0, MAX_MESSAGE_CHARACTERS - 1).toWellFormed()}…`
    : text.toWellFormed();
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Never empty: an error without a message is shown by its name, another value as far as it can be. */
function messageOf(thrown: unknown, message: unknown, name: string): string {
  if (message !== undefined && message !== "") return described(message);
  return thrown instanceof Error || message === ""
    ? `${name || "an error"} without a message`
    : `the handler threw no error but ${described(thrown)}`;
}

function described(value: unknown): string {
  try {
    return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  } catch {
    return `a value of type ${typeof value}`;
  }
}
