import type { Route } from "@autoscaling-job-queues/domain/routes";
import type { ApiRequest } from "./event.ts";
import { type PathError, Problem } from "./problem.ts";

/** A request may be signed in its query instead of its headers (AWS Signature Version 4): these belong to no call. */
const SIGNATURE: ReadonlySet<string> = new Set([
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Date",
  "X-Amz-Expires",
  "X-Amz-Security-Token",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
]);

/**
 * Checks that a request has nothing that its route does not take: a caller would take what is silently ignored for done.
 *
 * @throws Problem 400 with every query parameter that is unknown or given twice, and a body that should not be there.
 */
export function expectRequest(request: ApiRequest, route: Route): void {
  const errors = [...queryErrors(request, route), ...(route.body === true ? [] : bodyErrors(request))];
  if (errors.length > 0) throw new Problem("InvalidRequest", "the request has parts that this call does not take", { errors });
}

function queryErrors({ query }: ApiRequest, { query: known = [], repeatable = [] }: Route): PathError[] {
  const taken = known.length === 0 ? "it takes none" : `it takes ${known.join(", ")}`;
  return [...query].flatMap(([name, values]) => {
    const path = `?${name}`;
    if (SIGNATURE.has(name)) return [];
    if (!known.includes(name)) return [{ path, message: `is not a parameter of this call; ${taken}` }];
    return values.length === 1 || repeatable.includes(name)
      ? []
      : [{ path, message: `must be given once, not ${values.length} times` }];
  });
}

/** Many clients send an empty object where there is nothing to send. Blanks as JSON has them. */
const NOTHING = /^[ \t\r\n]*(?:\{[ \t\r\n]*\}[ \t\r\n]*)?$/;

/** Whether a request has no body, or one that says nothing. */
export function hasNoBody({ body: { body = "", isBase64Encoded } }: ApiRequest): boolean {
  return NOTHING.test(isBase64Encoded ? Buffer.from(body, "base64").toString() : body);
}

function bodyErrors(request: ApiRequest): PathError[] {
  return hasNoBody(request) ? [] : [{ path: "", message: "must be absent or {}: this call takes no body" }];
}
