import { MAX_CHECKPOINT_BYTES } from "@autoscaling-job-queues/domain/limits";
import { fitsItem } from "@autoscaling-job-queues/domain/payload";
import type { ToWorker } from "./messages.ts";

/**
 * Handlers share a thread with what speaks for it, and may change what that relies on: with an `Object.prototype.then`, other things
 * arrive than were sent. So nothing is taken for true that the worker builds on, or that others read.
 *
 * @throws TypeError for what no thread says by itself.
 */
export function checkMessage(message: unknown): ToWorker {
  const isRight = isObject(message) && Object.hasOwn(CHECKS, String(message.kind));
  if (isRight && CHECKS[message.kind as Checked]?.(message)) return message as unknown as ToWorker;
  throw new TypeError("the handler's thread said what no thread says: the handler has changed what it relies on");
}

type Checked = ToWorker["kind"];
type Members = Readonly<Record<string, unknown>>;

const LEVELS: ReadonlySet<unknown> = new Set(["debug", "info", "warn", "error"]);

const CHECKS: Readonly<Record<Checked, (message: Members) => boolean>> = {
  notLoaded: ({ outcome }) => isFailure(outcome) || isNotBegun(outcome),
  ended: ({ outcome }) => isFailure(outcome) || isReturned(outcome),
  crashed: ({ outcome }) => isFailure(outcome),
  looked: ({ look }) => isObject(look) && Array.isArray(look.left) && look.left.every(isText),
  stray: ({ job, failure }) => (job === undefined || isObject(job)) && isFailure(failure),
  progress: ({ fraction, message }) => isNumber(fraction) && fraction >= 0 && fraction <= 1 && isTextOrNone(message),
  line: ({ line }) =>
    isObject(line) && LEVELS.has(line.level) && isText(line.message) && isTextOrNone(line.details) && isNumber(line.bytes),
  checkpoint: ({ json }) => isText(json) && Buffer.byteLength(json) <= MAX_CHECKPOINT_BYTES,
  file: ({ request, name, contentType }) => isNumber(request) && isText(name) && isText(contentType),
  chunk: ({ request, bytes }) => isNumber(request) && bytes instanceof Uint8Array,
  fileEnd: ({ request }) => isNumber(request),
  fileBroken: ({ request }) => isNumber(request),
  readInput: ({ request, name, start }) => isNumber(request) && isText(name) && isNumber(start),
  saveInput: ({ request, name }) => isNumber(request) && isText(name),
};

/** Small results become part of other texts, such as a list of jobs: one that is not JSON would spoil those. */
function isReturned(outcome: unknown): boolean {
  if (!isObject(outcome) || outcome.kind !== "returned") return false;
  const { json } = outcome;
  return json === undefined || (isText(json) && (!fitsItem(json) || parses(json)));
}

function isFailure(outcome: unknown): boolean {
  if (!isObject(outcome)) return false;
  const { kind, code, message, permanent, retryAfterSeconds, stack } = outcome;
  const isWhole = kind === "failed" && isText(code) && isText(message) && typeof permanent === "boolean" && isTextOrNone(stack);
  return isWhole && (retryAfterSeconds === undefined || (isNumber(retryAfterSeconds) && retryAfterSeconds >= 0));
}

function isNotBegun(outcome: unknown): boolean {
  return isObject(outcome) && outcome.kind === "notBegun" && isText(outcome.code) && isText(outcome.message);
}

function parses(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
