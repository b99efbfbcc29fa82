import type { IncomingHttpHeaders } from "node:http";

/** A request as the console's server reads it. */
export interface ConsoleRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Reads the body. @returns undefined where it is larger than `maxBytes`. */
  readonly body: (maxBytes: number) => Promise<string | undefined>;
}

/** What the console's server answers. */
export interface ConsoleAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export function jsonAnswer(status: number, body: unknown): ConsoleAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** An error of the console's own, in the form of the API's (RFC 9457). @param detail one sentence, for people. */
export function problemAnswer(status: number, code: string, detail: string): ConsoleAnswer {
  const body = JSON.stringify({ type: "about:blank", title: code, status, code, detail });
  return { status, headers: { "content-type": "application/problem+json" }, body };
}

export function pathOf({ target }: ConsoleRequest): string {
  return target.split("?", 1)[0] ?? "";
}

export function queryOf({ target }: ConsoleRequest): URLSearchParams {
  const at = target.indexOf("?");
  return new URLSearchParams(at < 0 ? "" : target.slice(at + 1));
}
