import { type Operation, ROUTES, routeKey } from "../../domain/routes.ts";
import type { ApiEvent } from "../../handlers/http/event.ts";

/** What a test says of a request; everything else is as API Gateway sends it. */
export interface RequestParts {
  /** `{id}` of the path. */
  readonly id?: string;
  /** `{name}` of the path. */
  readonly name?: string;
  /** As pairs where a parameter is given several times. */
  readonly query?: Readonly<Record<string, string>> | readonly (readonly [name: string, value: string])[];
  readonly headers?: Record<string, string>;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
  /** The caller's ARN; null for a request that no authorizer saw. @default "arn:aws:iam::123456789012:user/ada" */
  readonly principal?: string | null;
}

export const ADA = "arn:aws:iam::123456789012:user/ada";
export const BOB = "arn:aws:iam::123456789012:user/bob";

/** Whom a job belongs to that the caller with this ARN adds. */
export function ownerOf(arn: string): string {
  return `iam:${arn}`;
}

/** An event of payload format 2.0 for an operation of the API. */
export function apiEvent(operation: Operation, parts: RequestParts = {}): ApiEvent {
  const { id, name, query, headers = {}, body, principal = ADA } = parts;
  const { path } = ROUTES[operation];
  const key = routeKey(ROUTES[operation]);
  const parameters = new URLSearchParams(query as Record<string, string>);
  const rawPath = path.replace("{id}", encodeURIComponent(id ?? "")).replace("{name}", encodeURIComponent(name ?? ""));
  return {
    version: "2.0",
    routeKey: key,
    rawPath,
    rawQueryString: parameters.toString(),
    headers: { "content-type": "application/json", host: "api.example.com", ...headers },
    ...(parameters.size === 0 ? {} : { queryStringParameters: joined(parameters) }),
    ...(id === undefined ? {} : { pathParameters: { id } }),
    ...(name === undefined ? {} : { pathParameters: { name } }),
    requestContext: {
      accountId: "123456789012",
      apiId: "a1b2c3d4e5",
      domainName: "api.example.com",
      domainPrefix: "api",
      http: { method: ROUTES[operation].method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
      requestId: "request-1",
      routeKey: key,
      stage: "$default",
      time: "02/Nov/2026:09:00:00 +0000",
      timeEpoch: 1_793_610_000_000,
      ...(principal === null ? {} : { authorizer: { iam: { userArn: principal } } }),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}

/** As API Gateway joins the values of a parameter that is given several times. */
function joined(parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name).join(",")]));
}
