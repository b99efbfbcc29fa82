import { type UnkeptNumber, unkeptNumbers } from "@autoscaling-job-queues/domain/json-number";
import { JsonWalk } from "@autoscaling-job-queues/domain/json-walk";
import { MAX_BODY_BYTES } from "@autoscaling-job-queues/domain/limits";
import type { ApiRequest } from "./event.ts";
import { MAX_ERRORS, type PathError, Problem } from "./problem.ts";

/** Deeper JSON is refused, because some of what a job passes through walks it by recursion. */
export const MAX_BODY_DEPTH = 200;

/** A request's body, read. */
export interface JsonBody {
  readonly value: unknown;
  /** Of a body that is an object, the text of each member's value, as it was sent. */
  readonly texts: ReadonlyMap<string, string>;
  /** The numbers in it that `value` does not hold as they were sent. */
  readonly unkept: readonly UnkeptNumber[];
}

/**
 * Reads a request's body as JSON, whatever its content type claims.
 *
 * @throws Problem 413 when it is larger than `MAX_BODY_BYTES`; 400 when it is not JSON, is too deep, or has two members of one
 * name, of which some readers take the first and some the last.
 */
export function jsonBody({ headers, body: { body = "", isBase64Encoded } }: ApiRequest): JsonBody {
  const bytes = isBase64Encoded ? Buffer.from(body, "base64") : undefined;
  const size = bytes?.byteLength ?? Buffer.byteLength(body);
  if (size > MAX_BODY_BYTES) {
    throw new Problem("BodyTooLarge", `the body has ${size} bytes; at most ${MAX_BODY_BYTES} are allowed`);
  }
  if (bytes === undefined && wasReplaced(body, size, headers.get("content-length"))) throw notJson(size);
  const { text, value } = parse(bytes ?? body);
  const { texts, errors } = examine(text);
  if (errors.length > 0) throw new Problem("InvalidRequest", "the body holds what cannot be kept", { errors });
  return { value, texts, unkept: unkeptNumbers(text, MAX_ERRORS) };
}

function parse(body: Buffer | string): { readonly text: string; readonly value: unknown } {
  try {
    // A byte order mark is not JSON (RFC 8259, 8.1); the decoder is told to leave it, so that it is refused in both encodings.
    const text = typeof body === "string" ? body : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    if (!text.isWellFormed()) throw new SyntaxError("half of a surrogate pair, which UTF-8 cannot hold");
    return { text, value: JSON.parse(text) };
  } catch {
    throw notJson(body.length);
  }
}

function notJson(size: number): Problem {
  return new Problem("InvalidJson", size === 0 ? "the request has no body" : "the body is not JSON in UTF-8");
}

/**
 * Whether bytes that are not UTF-8, such as those of Latin-1, became U+FFFD before the Lambda got the body as text. Only its length
 * tells: that character has three bytes, and what it stands for nearly always has another number.
 *
 * @param sent what the client says, in bytes; not every client does.
 */
function wasReplaced(body: string, size: number, sent: string | undefined): boolean {
  return sent !== undefined && Number(sent) !== size && body.includes("\uFFFD");
}

function examine(text: string): { readonly texts: Map<string, string>; readonly errors: PathError[] } {
  const texts = new Map<string, string>();
  const errors: PathError[] = [];
  /** By depth, the names so far in the object there. */
  const names: Set<string>[] = [];
  const walk = new JsonWalk(text);
  let begun = 0;
  const refuse = (message: string): void => {
    if (errors.length < MAX_ERRORS) errors.push({ path: walk.pointer, message });
  };
  const ended = (start: number, end: number): void => {
    if (walk.depth === 1 && typeof walk.key === "string") texts.set(walk.key, text.slice(start, end));
  };
  walk.run({
    open: (start) => {
      const { depth } = walk;
      if (depth === 1) begun = start;
      if (depth === MAX_BODY_DEPTH) refuse(`must not nest deeper than ${MAX_BODY_DEPTH} levels`);
      if (depth < MAX_BODY_DEPTH) names[depth] = new Set();
    },
    close: (end) => ended(begun, end),
    name: (name) => {
      const seen = names[walk.depth - 1];
      if (seen?.has(name)) refuse("must be the only member of its name");
      seen?.add(name);
    },
    scalar: ended,
  });
  return { texts, errors };
}
