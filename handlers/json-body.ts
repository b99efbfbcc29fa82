import { jsonPointer } from "@autoscaling-job-queues/domain/json-pointer";
import { MAX_BODY_BYTES } from "@autoscaling-job-queues/domain/limits";
import type { ApiRequest } from "./http.ts";
import { MAX_ERRORS, type PathError, Problem } from "./problem.ts";

/** Deeper JSON is refused, because some of what a job passes through walks it by recursion. */
export const MAX_BODY_DEPTH = 200;

/**
 * Reads a request's body as JSON, whatever its content type claims.
 *
 * @throws Problem 413 when it is larger than `MAX_BODY_BYTES`, 400 when it is no JSON or holds what JSON cannot carry on.
 */
export function jsonBody({ body: { body = "", isBase64Encoded } }: ApiRequest): unknown {
  const bytes = isBase64Encoded ? Buffer.from(body, "base64") : undefined;
  const size = bytes?.byteLength ?? Buffer.byteLength(body);
  if (size > MAX_BODY_BYTES) {
    throw new Problem("BodyTooLarge", `the body has ${size} bytes; at most ${MAX_BODY_BYTES} are allowed`);
  }
  const value = parse(bytes ?? body);
  const errors: PathError[] = [];
  collectUnusable(value, [], errors);
  if (errors.length > 0) throw new Problem("InvalidRequest", "the body holds values that cannot be kept", { errors });
  return value;
}

function parse(body: Buffer | string): unknown {
  try {
    // A byte order mark is no JSON (RFC 8259, 8.1); the decoder is told to leave it, so that it is refused in both encodings.
    const text = typeof body === "string" ? body : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    return JSON.parse(text);
  } catch {
    throw new Problem("InvalidJson", body.length === 0 ? "the request has no body" : "the body is no JSON in UTF-8");
  }
}

/** JSON has numbers past the range of doubles: they parse to infinity, which no JSON can carry on. */
function collectUnusable(value: unknown, path: (string | number)[], errors: PathError[]): void {
  if (errors.length >= MAX_ERRORS) return;
  if (typeof value === "number" && !Number.isFinite(value)) {
    errors.push({ path: jsonPointer(path), message: "must be a number within the range of a double, ±1.8e308" });
  }
  if (typeof value !== "object" || value === null) return;
  if (path.length >= MAX_BODY_DEPTH) {
    errors.push({ path: jsonPointer(path), message: `must not nest deeper than ${MAX_BODY_DEPTH} levels` });
    return;
  }
  const visit = (key: string | number, content: unknown): void => {
    if (typeof content !== "number" && typeof content !== "object") return;
    path.push(key);
    collectUnusable(content, path, errors);
    path.pop();
  };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) visit(index, value[index]);
  } else {
    for (const key of Object.keys(value)) visit(key, (value as Record<string, unknown>)[key]);
  }
}
