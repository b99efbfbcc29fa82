/** What API Gateway sends to the client. */
export interface HttpResult {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** API Gateway's own answers look like this; those of the Lambdas are problem documents. */
export function gatewayResult(status: number, message: string): HttpResult {
  return { status, headers: { "content-type": "application/json" }, body: Buffer.from(JSON.stringify({ message })) };
}

interface ProxyResult {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: string;
  readonly cookies?: readonly string[];
  readonly isBase64Encoded?: boolean;
}

/**
 * Reads a Lambda's answer as payload format 2.0 does: a value without a status code is itself the body of a 200, and an
 * answer that makes no sense is an internal server error.
 */
export function httpResult(answer: unknown): HttpResult {
  const isObject = typeof answer === "object" && answer !== null;
  if (!isObject || !("statusCode" in answer)) {
    return { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(JSON.stringify(answer) ?? "") };
  }
  const { statusCode, headers = {}, body = "", cookies = [], isBase64Encoded = false } = answer as ProxyResult;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599 || typeof body !== "string") {
    return gatewayResult(500, "Internal Server Error");
  }
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status,
    headers: {
      "content-type": "text/plain;charset=UTF-8",
      ...Object.fromEntries(named),
      ...(cookies.length > 0 ? { "set-cookie": cookies } : {}),
    },
    body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
  };
}
