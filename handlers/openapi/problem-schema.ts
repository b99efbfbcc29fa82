import { MAX_ERRORS, PROBLEMS } from "../http/problem.ts";

/** JSON Schema of an error of the API (RFC 9457). */
export const PROBLEM = {
  type: "object",
  required: ["type", "title", "status", "code", "detail"],
  properties: {
    type: { const: "about:blank" },
    title: { type: "string" },
    status: { type: "integer" },
    code: {
      type: "string",
      enum: Object.keys(PROBLEMS),
      description: Object.entries(PROBLEMS)
        .map(([code, { meaning }]) => `- \`${code}\`: ${meaning}`)
        .join("\n"),
    },
    detail: { type: "string", description: "What went wrong, for people." },
    errors: {
      type: "array",
      minItems: 1,
      maxItems: MAX_ERRORS,
      items: {
        type: "object",
        required: ["path", "message"],
        properties: {
          path: { type: "string", description: "A JSON pointer into the body, `?name` for a query parameter, or a header." },
          message: { type: "string" },
        },
      },
    },
  },
} as const;

/** JSON Schema of an error that API Gateway answers with by itself. */
export const GATEWAY_ERROR = {
  type: "object",
  required: ["message"],
  properties: { message: { type: ["string", "null"] } },
} as const;

/** What API Gateway answers by itself, before or instead of the operation, by status (HTTP APIs). */
export const GATEWAY_ERRORS: Readonly<Record<number, string>> = {
  400: "the request is not well-formed HTTP",
  401: "the token is missing, expired or of another issuer",
  403: "the caller may not make this call",
  413: "the request is larger than a Lambda function takes: 6 MB, of which a body in base 64 needs a third more than its size",
  429: "too many requests: try again",
  500: "something is broken; whether the request took effect is unknown",
  503: "the operation took longer than 30 s; whether the request took effect is unknown: try again",
};
