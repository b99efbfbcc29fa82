import { type Operation, ROUTES } from "../../domain/routes.ts";
import type { ApiEvent } from "../../handlers/http.ts";

/** What a test says of a request; everything else is as API Gateway sends it. */
export interface RequestParts {
  /** `{id}` of the path. */
  readonly id?: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
  /** The caller's ARN; null for a request that no authorizer saw. @default "arn:aws:iam::123456789012:user/ada" */
  readonly principal?: string | null;
}

export const ADA = "arn:aws:iam::123456789012:user/ada";
export const BOB = "arn:aws:iam::123456789012:user/bob";

/** An event of payload format 2.0 for an operation of the API. */
export function apiEvent(operation: Operation, parts: RequestParts = {}): ApiEvent {
  const { id, query, headers = {}, body, principal = ADA } = parts;
  const { method, path } = ROUTES[operation];
  const rawPath = path.replace("{id}", encodeURIComponent(id ?? ""));
  return {
    version: "2.0",
    routeKey: `${method} ${path}`,
    rawPath,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { "content-type": "application/json", host: "api.example.com", ...headers },
    ...(query === undefined ? {} : { queryStringParameters: query }),
    ...(id === undefined ? {} : { pathParameters: { id } }),
    requestContext: {
      accountId: "123456789012",
      apiId: "a1b2c3d4e5",
      domainName: "api.example.com",
      domainPrefix: "api",
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
      requestId: "request-1",
      routeKey: `${method} ${path}`,
      stage: "$default",
      time: "02/Nov/2026:09:00:00 +0000",
      timeEpoch: 1_793_610_000_000,
      ...(principal === null ? {} : { authorizer: { iam: { userArn: principal } } }),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}
