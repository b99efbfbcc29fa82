import { JobsApiError, type JobsApiErrorDetails, type PathError } from "./jobs-api-error.ts";
import { retryAfterSeconds } from "./retries.ts";

/** A problem document of the API, an error of API Gateway (`{"message": …}`), or whatever else came. */
interface ErrorBody {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly message?: unknown;
  readonly errors?: unknown;
}

const LONGEST_QUOTE = 200;
/** Of the errors of one answer, those that the message tells; `errors` has them all. */
const TOLD_ERRORS = 3;

/** The error that an answer stands for whose status is none of success. @param call such as `POST /jobs`. */
export function errorOf(call: string, { status, headers, type }: Response, text: string): JobsApiError {
  const answered = `${call} was answered with ${status}`;
  // Followed, a POST would become a GET; browsers do not tell where to.
  if ((status >= 300 && status < 400) || type === "opaqueredirect") {
    const target = headers.get("location") ?? "another address";
    return new JobsApiError(`${call} is redirected to ${target}; give the API's own address as url`, {
      code: "UnexpectedAnswer",
      status,
    });
  }
  const details = { status, retryAfterSeconds: retryAfterSeconds(headers.get("retry-after"), Date.now()) };
  const body = parse(text);
  if (typeof body?.code === "string") return problem(answered, body.code, body, details);
  if (body !== undefined && "message" in body) {
    return new JobsApiError(`${answered} by API Gateway: ${String(body.message)}`, { code: "GatewayError", ...details });
  }
  const quoted = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return new JobsApiError(`${answered}, and not in JSON: ${quoted}`, { code: "UnexpectedAnswer", ...details });
}

function problem(answered: string, code: string, body: ErrorBody, details: Omit<JobsApiErrorDetails, "code">): JobsApiError {
  const errors = Array.isArray(body.errors) ? (body.errors as PathError[]) : [];
  const told = errors.slice(0, TOLD_ERRORS).map(({ path, message }) => `${path} ${message}`);
  const more = errors.length > TOLD_ERRORS ? `; and ${errors.length - TOLD_ERRORS} more` : "";
  const list = told.length === 0 ? "" : ` (${told.join("; ")}${more})`;
  return new JobsApiError(`${answered} ${code}: ${String(body.detail)}${list}`, { code, errors, ...details });
}

function parse(text: string): ErrorBody | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}
