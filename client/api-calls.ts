import { type AuthorizationSettings, type Authorize, authorization } from "./authorization.ts";
import { Clock } from "./clock.ts";
import { errorOf } from "./error-answer.ts";
import { JobsApiError } from "./jobs-api-error.ts";
import { stringifyWithTexts } from "./json-text.ts";
import { type Query, queryString } from "./query-string.ts";
import { checkedHeaders, request } from "./request.ts";
import { type RetrySettings, withRetries } from "./retries.ts";
import { addressOf, checkNumber, retriesOf } from "./settings.ts";

export interface ApiSettings extends AuthorizationSettings {
  /** The API's address, such as `https://abc123.execute-api.eu-central-1.amazonaws.com`. */
  readonly url: string;
  /** Headers of every request. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default `{ tries: 5, baseMs: 200, maxMs: 20_000 }` */
  readonly retries?: Partial<RetrySettings>;
  /** Milliseconds that one try of a call may take, beside what it is to wait; API Gateway gives up after 30 s. @default 35,000 */
  readonly timeoutMs?: number;
  /** Reads the API's answers. @default `JSON.parse` */
  readonly parse?: (text: string) => unknown;
}

export interface CallParts {
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Seconds that the API may wait before it answers; a query parameter, too. */
  readonly waitSeconds?: number;
  /** Reads the answer of this call. @default that of the settings */
  readonly parse?: (text: string) => unknown;
  readonly signal: AbortSignal | undefined;
}

/** Longer than any answer of API Gateway takes: what is later than this will not come. */
const TIMEOUT_MS = 35_000;
/** What an answer may take after the wait that was asked for. */
const AFTER_WAIT_MS = 10_000;
const FORBIDDEN = 403;

/** Calls of the API: authorized, tried again where that may help, and with errors as `JobsApiError`. */
export class ApiCalls {
  readonly retries: RetrySettings;
  readonly #address: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #parse: (text: string) => unknown;
  readonly #authorize: Authorize;
  /** Of signatures; a token's time is its issuer's. */
  readonly #clock: Clock | undefined;

  constructor(settings: ApiSettings) {
    const { url, headers = {}, retries = {}, timeoutMs = TIMEOUT_MS, parse = JSON.parse, ...authorizationSettings } = settings;
    checkNumber("timeoutMs", timeoutMs, 1);
    this.#address = addressOf(url);
    this.#headers = headers;
    this.retries = retriesOf(retries);
    this.#timeoutMs = timeoutMs;
    this.#parse = parse;
    this.#authorize = authorization(authorizationSettings);
    this.#clock = authorizationSettings.iam === undefined ? undefined : new Clock();
  }

  /** Makes a call, and reads its answer as JSON. All calls may be repeated: with a key, or because they do the same again. */
  async call<Body>(method: "GET" | "POST", path: string, parts: CallParts): Promise<Body> {
    const { query = {}, headers = {}, body, waitSeconds, parse = this.#parse, signal } = parts;
    const name = `${method} ${path}`;
    const url = `${this.#address}${path}${queryString({ ...query, waitSeconds })}`;
    const text = body === undefined ? undefined : jsonText(name, body);
    const type = text === undefined ? {} : { "content-type": "application/json" };
    const sent = checkedHeaders({ ...this.#headers, ...headers, ...type });
    const timeoutMs =
      waitSeconds === undefined ? this.#timeoutMs : Math.max(this.#timeoutMs, waitSeconds * 1_000 + AFTER_WAIT_MS);
    let isClockSet = false;
    const tryOnce = async (): Promise<Body> => {
      isClockSet = false;
      const at = this.#clock?.now() ?? new Date();
      const authorized = await this.#authorize({ method, url, headers: sent, body: text, at }, signal);
      const init = { method, headers: authorized, redirect: "manual" as const, ...(text === undefined ? {} : { body: text }) };
      return await request(name, url, { ...init, signal, timeoutMs }, async (response) => {
        isClockSet = response.status === FORBIDDEN && this.#clock?.correct(response.headers.get("date")) === true;
        return readAnswer(name, response, await response.text(), parse) as Body;
      });
    };
    return await withRetries(tryOnce, { settings: this.retries, signal, alsoRetried: () => isClockSet });
  }
}

/** @throws JobsApiError `InvalidSetting` of a BigInt or a circle. */
function jsonText(call: string, body: unknown): string {
  try {
    return stringifyWithTexts(body);
  } catch (cause) {
    const { message } = cause as Error;
    throw new JobsApiError(`${call} was not sent, as its body is no JSON: ${message}`, { code: "InvalidSetting", cause });
  }
}

function readAnswer(call: string, response: Response, text: string, parse: (text: string) => unknown): unknown {
  if (!response.ok) throw errorOf(call, response, text);
  try {
    return parse(text);
  } catch (cause) {
    const { status } = response;
    throw new JobsApiError(`${call} was answered with ${status}, and not in JSON`, { code: "UnexpectedAnswer", status, cause });
  }
}
