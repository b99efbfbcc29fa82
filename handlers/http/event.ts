import type { AssumedRoleOwner } from "@autoscaling-job-queues/domain/environment";
import type { APIGatewayEventRequestContextV2, APIGatewayProxyEventV2WithRequestContext } from "aws-lambda";
import { type Authorizer, principalOf } from "./principal.ts";

/** An event of an API Gateway HTTP API, payload format 2.0. */
export type ApiEvent = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2 & { readonly authorizer?: Authorizer | null }
>;

/** What an operation needs of the event. */
export interface ApiRequest {
  /** See `principalOf`. */
  readonly principal: string | undefined;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** Every value of each parameter, decoded. API Gateway's own reading joins repeated ones by commas, which values may hold. */
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Pick<ApiEvent, "body" | "isBase64Encoded">;
}

/** Of every answer. Jobs change, so nothing may be cached, and a browser must not take JSON for a page. */
export const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

/** An answer in payload format 2.0. */
export interface ApiResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function apiRequest(event: ApiEvent, assumedRoleOwner: AssumedRoleOwner = "role"): ApiRequest {
  return {
    principal: principalOf(event.requestContext.authorizer, assumedRoleOwner),
    pathParameters: event.pathParameters ?? {},
    query: readQuery(event.rawQueryString),
    headers: new Map(Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value ?? ""])),
    body: event,
  };
}

/** @param json the body, as JSON text: that of jobs holds payloads which are texts, and stay as they are. */
export function jsonResponse(statusCode: number, json: string, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return { statusCode, headers: { "content-type": "application/json", ...headers }, body: json };
}

function readQuery(rawQueryString: string): Map<string, string[]> {
  const parameters = new URLSearchParams(rawQueryString);
  return new Map([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
}
