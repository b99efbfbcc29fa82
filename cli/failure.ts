import { JobsApiError } from "@autoscaling-job-queues/client/jobs-api-error";
import { CliError } from "./cli-error.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { PROGRAM } from "./program.ts";

export interface Failure {
  /** One sentence, and what mends it; undefined where there is nothing to say. */
  readonly message: string | undefined;
  readonly exitCode: ExitCode;
}

/** What is wrong with a request's form, and the caller may see before it is sent. */
const USAGE_CODES: ReadonlySet<string> = new Set(["InvalidSetting", "InvalidRequest", "InvalidJson", "InvalidCursor"]);
const UNREACHED_CODES: ReadonlySet<string> = new Set(["NetworkError", "CredentialsFailed"]);

const UNAUTHENTICATED = 401;
const FORBIDDEN = 403;

/** How a command ends that threw. @param api the address that it called, where it got that far. */
export function failureOf(error: unknown, api: string | undefined): Failure {
  if (isBrokenPipe(error)) return { message: undefined, exitCode: EXIT.done };
  if (error instanceof CliError) return { message: error.message || undefined, exitCode: error.exitCode };
  if (error instanceof JobsApiError) return { message: apiSentence(error, api), exitCode: exitCodeOf(error) };
  if (error instanceof Error && error.name === "AbortError") return { message: "stopped", exitCode: EXIT.interrupted };
  return { message: error instanceof Error ? error.message : String(error), exitCode: EXIT.failed };
}

/** Whoever read the output has enough of it, as `head` has. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "EPIPE";
}

function exitCodeOf({ code }: JobsApiError): ExitCode {
  if (UNREACHED_CODES.has(code)) return EXIT.unreached;
  return USAGE_CODES.has(code) ? EXIT.usage : EXIT.failed;
}

function apiSentence(error: JobsApiError, api = "the API"): string {
  const { code, status } = error;
  const said = spoken(error.message);
  if (code === "NetworkError") return `${api} was not reached: ${said}. Is it the right address (--api, JOBS_API_URL)?`;
  if (code === "CredentialsFailed") return `${said}. Log in again, such as with aws sso login, or set JOBS_TOKEN.`;
  if (code === "GatewayError" && (status === UNAUTHENTICATED || status === FORBIDDEN)) return refused(said, api);
  return said;
}

/** API Gateway's own words say little: expired credentials and a missing right have one status. */
function refused(said: string, api: string): string {
  if (/expired/i.test(said)) return `${api} refused your credentials, as they have expired (${said}). Log in again.`;
  if (/not authorized|forbidden/i.test(said)) {
    return `${api} refused you: your role lacks execute-api:Invoke on it, or this is no route of it (${said}).`;
  }
  return `${api} refused your credentials (${said}). See who you are: aws sts get-caller-identity.`;
}

/** The client names the call first, for programs; people know what they asked for, and verbs rather than calls. */
function spoken(message: string): string {
  return message
    .replace(/^(GET|POST) \S+ was answered with \d+ (by API Gateway: )?/, "")
    .replace(/^(GET|POST) \S+ got no answer: /, "")
    .replace(/\bGET \/job-types\b/g, `${PROGRAM} types`)
    .replace(/\s+/g, " ")
    .replace(/[.]$/, "");
}
