import type { ApiSettings } from "@autoscaling-job-queues/client/api-calls";
import { authorization } from "@autoscaling-job-queues/client/authorization";
import { Clock } from "@autoscaling-job-queues/client/clock";
import { JobsApiError } from "@autoscaling-job-queues/client/jobs-api-error";
import { queryString } from "@autoscaling-job-queues/client/query-string";
import { reasonOf } from "@autoscaling-job-queues/client/request";
import { addressOf } from "@autoscaling-job-queues/client/settings";
import { apiRoutes } from "./api-routes.ts";
import { type ConsoleAnswer, type ConsoleRequest, pathOf, problemAnswer, queryOf } from "./console-request.ts";

/** How the API is reached, and who calls it. */
export type ApiAccess = Pick<ApiSettings, "url" | "iam" | "token" | "headers">;

/** A reason for a pause has at most 500 characters; escaped, each may take 12 bytes. */
const MAX_BODY_BYTES = 16_384;
/** Lambda answers at most 6 MB. */
const MAX_ANSWER_BYTES = 8 * 1_048_576;
/** Longer than any answer of API Gateway takes. */
const TIMEOUT_MS = 35_000;
const PREFIX = "/api";

/** Passes a request below `/api` on to the jobs API, signed as the caller, and the answer back as it is. */
export function passOn({ url, headers = {}, ...credentials }: ApiAccess): (request: ConsoleRequest) => Promise<ConsoleAnswer> {
  const address = addressOf(url);
  const authorize = authorization(credentials);
  const clock = new Clock();
  return async (request) => {
    const path = pathOf(request).slice(PREFIX.length);
    const routes = apiRoutes(path);
    if (routes.length === 0) return problemAnswer(404, "NotServed", "The console has no such path.");
    const route = routes.find(({ method }) => method === request.method);
    if (route === undefined) return notAllowed(routes.map(({ method }) => method));
    const body = await request.body(MAX_BODY_BYTES);
    if (body === undefined) return problemAnswer(413, "BodyTooLarge", `A body may have ${MAX_BODY_BYTES} bytes.`);
    const sent = route.body === true && body !== "" ? body : undefined;
    const call = {
      method: route.method,
      url: `${address}${path}${queryString(repeated(queryOf(request)))}`,
      headers: { ...headers, ...(sent === undefined ? {} : { "content-type": "application/json" }) },
      body: sent,
    };
    const send = async (): Promise<Response> => {
      const authorized = await authorize({ ...call, at: clock.now() }, undefined);
      const init = {
        method: call.method,
        headers: authorized,
        redirect: "manual" as const,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      };
      return await fetch(call.url, sent === undefined ? init : { ...init, body: sent });
    };
    try {
      const first = await send();
      const isClockSet = first.status === 403 && clock.correct(first.headers.get("date"));
      return await answerOf(isClockSet ? await send() : first);
    } catch (error) {
      return failure(address, error);
    }
  };
}

export function notAllowed(methods: readonly string[]): ConsoleAnswer {
  const answer = problemAnswer(405, "MethodNotAllowed", `Allowed here: ${methods.join(", ")}.`);
  return { ...answer, headers: { ...answer.headers, allow: methods.join(", ") } };
}

function repeated(query: URLSearchParams): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));
}

/** The answer as it came: what is not JSON is told, not shown. */
async function answerOf(response: Response): Promise<ConsoleAnswer> {
  const type = response.headers.get("content-type") ?? "";
  if (!/^application\/(problem\+)?json\b/.test(type)) {
    await response.body?.cancel();
    return problemAnswer(502, "UnexpectedAnswer", `The API answered with ${response.status}, and not in JSON.`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) return problemAnswer(502, "UnexpectedAnswer", "The API's answer is too large.");
    chunks.push(chunk);
  }
  const retryAfter = response.headers.get("retry-after");
  const passed = { "content-type": type, ...(retryAfter === null ? {} : { "retry-after": retryAfter }) };
  return { status: response.status, headers: passed, body: Buffer.concat(chunks) };
}

function failure(address: string, error: unknown): ConsoleAnswer {
  if (error instanceof JobsApiError) return problemAnswer(502, error.code, sentence(error.message));
  return problemAnswer(502, "ApiNotReached", sentence(`The API at ${address} was not reached: ${reasonOf(error)}`));
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
