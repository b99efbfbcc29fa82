/** What went wrong, in one sentence for people. */
export class ConsoleError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 0) {
    super(message);
    this.name = "ConsoleError";
    this.code = code;
    this.status = status;
  }
}

interface ErrorBody {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly message?: unknown;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export const SERVER_LOST = "The console's server does not answer: run `jobs console` again, and open the address that it prints.";
const OLD_PAGE = "This page belongs to an earlier start of the console: open the address that `jobs console` printed last.";
const EXPIRED = "Your credentials have expired: log in again (with AWS, `aws sso login`), and the page goes on by itself.";
const NO_RIGHT = "You may not do this: the API refused who you are";
const CONSOLE_REFUSALS: ReadonlySet<unknown> = new Set(["TokenMissing", "WrongHost", "WrongOrigin"]);

/** The sentence for an answer whose status is none of success: of the API, of API Gateway before it, or of the console's server. */
export function errorOfAnswer(status: number, body: unknown): ConsoleError {
  const { code, detail, message, errors = [] } = (typeof body === "object" && body !== null ? body : {}) as ErrorBody;
  if (CONSOLE_REFUSALS.has(code)) return new ConsoleError("OldPage", OLD_PAGE, status);
  const told = String(detail ?? message ?? `answered with ${status}`);
  if (code === "CredentialsFailed" || ((status === 401 || status === 403) && /expired/i.test(told))) {
    return new ConsoleError(
      "CredentialsExpired",
      /expired/i.test(told) ? EXPIRED : `Your credentials could not be read: ${ended(told)}`,
      status,
    );
  }
  if (status === 401 || status === 403)
    return new ConsoleError("Forbidden", `${NO_RIGHT} (${told.replace(/[.]$/, "")}).`, status);
  const first = errors[0];
  const where = first === undefined ? "" : ` (${first.path}: ${first.message})`;
  return new ConsoleError(
    typeof code === "string" ? code : "GatewayError",
    `${ended(capital(told)).slice(0, -1)}${where}.`,
    status,
  );
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Whatever was thrown, as a sentence. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
