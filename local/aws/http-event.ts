import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEventV2WithIAMAuthorizer } from "aws-lambda";

/** An HTTP request, read to its end. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly protocol: string;
  readonly sourceIp: string;
  /** Lower-case names; every value that was sent. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
}

export interface MatchedRoute {
  readonly routeKey: string;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Who calls, on one machine: API Gateway takes the IAM principal from the signature instead. */
const PRINCIPAL_HEADER = "x-local-principal";
const DEFAULT_PRINCIPAL = "local";

/** Bodies of other content types reach the Lambda in base 64 (API Gateway HTTP APIs: payload format 2.0). */
const TEXT_TYPE = /^(text\/|application\/(json|xml|javascript)\b|[^;]*\+(json|xml)\b)/i;

/**
 * The event of payload format 2.0 that API Gateway would make of a request ("Working with AWS Lambda proxy integrations
 * for HTTP APIs").
 *
 * @param now epoch milliseconds.
 */
export function httpEvent(
  request: HttpRequest,
  { routeKey, pathParameters }: MatchedRoute,
  now: number,
  requestId: string = randomUUID(),
): APIGatewayProxyEventV2WithIAMAuthorizer {
  const [rawPath = "/", rawQueryString = ""] = split(request.url, "?");
  const headers = Object.fromEntries(
    [...request.headers].filter(([name]) => name !== "cookie").map(([name, values]) => [name, values.join(",")]),
  );
  const cookies = (request.headers.get("cookie") ?? []).flatMap((line) => line.split(/; */)).filter((cookie) => cookie !== "");
  const query = joinDuplicates(new URLSearchParams(rawQueryString));
  const isText = TEXT_TYPE.test(headers["content-type"] ?? "text/plain");
  return {
    version: "2.0",
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
    ...(Object.keys(pathParameters).length > 0 ? { pathParameters: { ...pathParameters } } : {}),
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      authorizer: { iam: iamAuthorizer(headers[PRINCIPAL_HEADER] ?? DEFAULT_PRINCIPAL) },
      domainName: headers.host ?? "localhost",
      domainPrefix: "local",
      http: {
        method: request.method,
        path: rawPath,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId,
      routeKey,
      stage: "$default",
      time: clfTime(now),
      timeEpoch: now,
    },
    ...(request.body.length > 0 ? { body: request.body.toString(isText ? "utf8" : "base64") } : {}),
    isBase64Encoded: request.body.length > 0 && !isText,
  };
}

function iamAuthorizer(userArn: string) {
  return {
    accessKey: "local",
    accountId: "000000000000",
    callerId: userArn,
    cognitoIdentity: null,
    principalOrgId: "",
    userArn,
    userId: userArn,
  };
}

function split(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index === -1 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}

function joinDuplicates(parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(",")]));
}

/** Common Log Format, such as "12/Mar/2026:19:03:58 +0000". */
function clfTime(now: number): string {
  const [, day, month, year, time] = new Date(now).toUTCString().split(/[ ,]+/);
  return `${day}/${month}/${year}:${time} +0000`;
}
