import type { APIGatewayEventRequestContextV2, APIGatewayProxyEventV2WithRequestContext } from "aws-lambda";

/** Who calls, as API Gateway's authorizers say it: IAM, a JWT authorizer, or a Lambda authorizer. */
interface Authorizer {
  readonly iam?: { readonly userArn?: string | null } | null;
  readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> | null } | null;
  readonly lambda?: Readonly<Record<string, unknown>> | null;
}

/** An event of an API Gateway HTTP API, payload format 2.0. */
export type ApiEvent = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2 & { readonly authorizer?: Authorizer | null }
>;

/** What an operation needs of the event. */
export interface ApiRequest {
  /**
   * The IAM ARN, the JWT's subject, or the `principalId` of a Lambda authorizer's context. Half a surrogate pair in it names
   * nobody: stored, it would become another character, and so another principal.
   */
  readonly principal: string | undefined;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** Every value of each parameter, decoded. API Gateway's own reading joins repeated ones by commas, which values may hold. */
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Pick<ApiEvent, "body" | "isBase64Encoded">;
}

/** An answer in payload format 2.0. */
export interface ApiResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function apiRequest(event: ApiEvent): ApiRequest {
  return {
    principal: principalOf(event.requestContext.authorizer),
    pathParameters: event.pathParameters ?? {},
    query: readQuery(event.rawQueryString),
    headers: new Map(Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value ?? ""])),
    body: event,
  };
}

export function jsonResponse(statusCode: number, content: unknown, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return { statusCode, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(content) };
}

function readQuery(rawQueryString: string): Map<string, string[]> {
  const parameters = new URLSearchParams(rawQueryString);
  return new Map([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
}

function principalOf(authorizer: Authorizer | null | undefined): string | undefined {
  const { iam, jwt, lambda } = authorizer ?? {};
  return [iam?.userArn, jwt?.claims?.sub, lambda?.principalId].find(
    (candidate): candidate is string => typeof candidate === "string" && candidate !== "" && candidate.isWellFormed(),
  );
}
