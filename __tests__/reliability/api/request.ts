import { type Operation, ROUTES, routeKey } from "../../../domain/routes.ts";
import type { ApiEvent } from "../../../handlers/http/event.ts";
import { apiEvent } from "../../handlers/api-event.ts";
import type { BodyText } from "./body-texts.ts";
import type { Caller } from "./callers.ts";

/** What is wrong, or not, with a generated request. */
export type RequestKind =
  | ("valid" | "at a bound" | "mutated" | "damaged body" | "size" | "any JSON" | "idempotency key" | "repeated add")
  | ("parameters" | "cursor" | "headers" | "unasked body" | "caller" | "route" | "another owner");

/** A job that there is, by its place among those added, or any text; `spelling` writes the ID in another way. */
export type IdChoice = { readonly job: number; readonly spelling: number } | { readonly text: string };

/** A generated request. What it refers to (jobs, cursors, earlier requests) is looked up when it is made. */
export interface GeneratedRequest {
  readonly kind: RequestKind;
  readonly operation: Operation;
  readonly caller: Caller;
  /** Whether the handlers of access by owner are asked, or those of access by account. */
  readonly access: "owner" | "account";
  readonly id?: IdChoice;
  /** The name of a job type, in the path. */
  readonly name?: string;
  /** As they stand in the URL: a name may come twice. */
  readonly query?: readonly (readonly [string, string])[];
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: BodyText;
  /** The cursor of an earlier page with that page's query; `tampering` 0 leaves it as it was. */
  readonly page?: { readonly at: number; readonly tampering: number };
  /** The body and key of an earlier add. */
  readonly again?: number;
  /** Instead of the operation's own route. */
  readonly routeKey?: string;
}

/** A request as it is made. */
export interface ConcreteRequest
  extends Pick<GeneratedRequest, "kind" | "operation" | "caller" | "access" | "routeKey" | "name"> {
  readonly id?: string;
  /** Of the parameters that are given once. */
  readonly query: Readonly<Record<string, string>>;
  /** The parameters that are given several times. */
  readonly repeated?: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: BodyText;
  /** Whether its cursor belongs to its query. */
  readonly cursor: "none" | "right" | "wrong";
}

/** Values of one name joined by commas, as API Gateway does with headers. */
export function joined(parts: readonly (readonly [string, string])[] = []): Record<string, string> {
  const values = Map.groupBy(parts, ([name]) => name);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.map(([, value]) => value).join(",")]));
}

/** The parameters of a query by how often each is given. */
export function parametersOf(parts: readonly (readonly [string, string])[] = []): Pick<ConcreteRequest, "query" | "repeated"> {
  const counts = Map.groupBy(parts, ([name]) => name);
  const isSingle = ([name]: readonly [string, string]) => counts.get(name)?.length === 1;
  return { query: Object.fromEntries(parts.filter(isSingle)), repeated: parts.filter((part) => !isSingle(part)) };
}

/** The event of payload format 2.0 for a request. */
export function eventOf({
  operation,
  caller,
  id,
  name,
  query,
  repeated = [],
  headers,
  body,
  ...request
}: ConcreteRequest): ApiEvent {
  const event = apiEvent(operation, {
    principal: null,
    headers: { ...headers },
    ...(id === undefined ? {} : { id: "" }),
    ...(name === undefined ? {} : { name: "" }),
    query: [...Object.entries(query), ...repeated],
  });
  return {
    ...event,
    routeKey: request.routeKey ?? routeKey(ROUTES[operation]),
    ...(id === undefined ? {} : { pathParameters: { id } }),
    ...(name === undefined ? {} : { pathParameters: { name } }),
    requestContext: { ...event.requestContext, ...(caller.authorizer === undefined ? {} : { authorizer: caller.authorizer }) },
    ...(body ?? { isBase64Encoded: false }),
  };
}

/** A request in short, for failures and for counts. */
export function describeRequest({ body, caller, ...request }: ConcreteRequest): string {
  const text = body === undefined ? undefined : { ...body, body: body.body.slice(0, 400), characters: body.body.length };
  return JSON.stringify({ ...request, caller: caller.name, body: text });
}
