import { type AuthorizationSettings, type Authorize, authorization } from "./authorization.ts";
import { errorOf } from "./error-answer.ts";
import { JobsApiError } from "./jobs-api-error.ts";
import { type Query, queryString } from "./query-string.ts";
import { request } from "./request.ts";
import { RETRIES, type RetrySettings, withRetries } from "./retries.ts";

export interface ApiSettings extends AuthorizationSettings {
  /** The API's address, such as `https://abc123.execute-api.eu-central-1.amazonaws.com`. */
  readonly url: string;
  /** Headers of every request. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default `{ tries: 5, baseMs: 200, maxMs: 20_000 }` */
  readonly retries?: Partial<RetrySettings>;
  /** Milliseconds that one try of a call may take; API Gateway gives up after 30 s. @default 35,000 */
  readonly timeoutMs?: number;
}

export interface CallParts {
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal | undefined;
}

/** Longer than any answer of API Gateway takes: what is later than this will not come. */
const TIMEOUT_MS = 35_000;

/** Calls of the API: authorized, tried again where that may help, and with errors as `JobsApiError`. */
export class ApiCalls {
  readonly retries: RetrySettings;
  readonly #address: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #authorize: Authorize;

  constructor({ url, headers = {}, retries = {}, timeoutMs = TIMEOUT_MS, ...authorizationSettings }: ApiSettings) {
    if (!URL.canParse(url)) {
      throw new JobsApiError(`url is ${JSON.stringify(url)}; give the API's address, starting with https://`, {
        code: "InvalidSetting",
      });
    }
    this.#address = url.replace(/\/+$/, "");
    this.#headers = headers;
    this.retries = { ...RETRIES, ...retries };
    this.#timeoutMs = timeoutMs;
    this.#authorize = authorization(authorizationSettings);
  }

  /** Makes a call, and reads its answer as JSON. All calls may be repeated: with a key, or because they do the same again. */
  async call<Body>(method: "GET" | "POST", path: string, { query = {}, headers = {}, body, signal }: CallParts): Promise<Body> {
    const url = `${this.#address}${path}${queryString(query)}`;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const sent = { ...this.#headers, ...headers, ...(text === undefined ? {} : { "content-type": "application/json" }) };
    return await withRetries(
      async () => {
        const authorized = await this.#authorize({ method, url, headers: sent, body: text });
        const init = { method, headers: authorized, ...(text === undefined ? {} : { body: text }) };
        return await request(`${method} ${path}`, url, { ...init, signal, timeoutMs: this.#timeoutMs }, async (response) =>
          readAnswer<Body>(`${method} ${path}`, response, await response.text()),
        );
      },
      { settings: this.retries, signal },
    );
  }
}

function readAnswer<Body>(call: string, response: Response, text: string): Body {
  if (!response.ok) throw errorOf(call, response, text);
  try {
    return JSON.parse(text) as Body;
  } catch (cause) {
    const { status } = response;
    throw new JobsApiError(`${call} was answered with ${status}, and not in JSON`, { code: "UnexpectedAnswer", status, cause });
  }
}
