import type { Job } from "../../../domain/job.ts";
import { isJobId } from "../../../domain/job-id.ts";
import type { Fact } from "../history/fact.ts";
import type { Judgement } from "./expected-statuses.ts";
import type { KnownState } from "./known-state.ts";
import type { ConcreteRequest } from "./request.ts";

/**
 * The fact of an answer, for the checker: of adds by somebody, and of reads and cancels of jobs that the caller may see. Of all
 * others, that they show nothing is checked elsewhere.
 */
export function answeredFact(
  request: ConcreteRequest,
  status: number,
  body: unknown,
  add: Judgement["add"],
  known: KnownState,
): Fact | undefined {
  const { operation, caller, access, id = "" } = request;
  const client = `${caller.name}, access by ${access}`;
  const job = status < 300 ? { job: body as Job } : {};
  if (operation === "addJob" && request.routeKey === undefined && caller.principal !== undefined) {
    const { type = "", payload = request.body?.body ?? "", idempotencyKey } = add ?? {};
    const key = idempotencyKey === undefined ? {} : { idempotencyKey };
    return {
      kind: "answered",
      client,
      request: { operation: "add", owner: caller.principal, type, payload, ...key },
      status,
      ...job,
    };
  }
  if (operation === "retryJob" && isJobId(id) && status < 300) {
    // A request that is made once, as with a key of its own.
    const { owner = "", type = "" } = known.jobs.get(id) ?? {};
    return {
      kind: "answered",
      client,
      request: { operation: "add", owner, type, payload: "", idempotencyKey: `retry of ${id}` },
      status,
      ...job,
    };
  }
  if ((operation !== "getJob" && operation !== "cancelJob") || !isJobId(id)) return undefined;
  if (access === "owner" && known.jobs.get(id)?.owner !== caller.principal) return undefined;
  return {
    kind: "answered",
    client,
    request: { operation: operation === "getJob" ? "get" : "cancel", jobId: id },
    status,
    ...job,
  };
}
