import { type ConsoleAnswer, type ConsoleRequest, jsonAnswer, pathOf, problemAnswer, queryOf } from "./console-request.ts";
import { type PageFile, pageFile } from "./page-files.ts";
import { type ApiAccess, notAllowed, passOn } from "./pass-on.ts";
import { cookieName, type GuardSettings, isData, refusal } from "./request-guard.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

/** What has been logged about a job, or last by the workers of a type, as lines of JSON or text, oldest first. @param of ID or name */
export type ReadLogs = (of: string, signal: AbortSignal) => Promise<readonly string[]>;

export interface ConsoleSettings {
  readonly api: ApiAccess;
  /** The files of the page. */
  readonly files: ReadonlyMap<string, PageFile>;
  /** Absent where logs cannot be read from here. */
  readonly logs?: ReadLogs;
}

const LOGS = /^\/logs\/([A-Za-z0-9_-]{1,200})$/;
/** CloudWatch Logs may be slow to search. */
const LOGS_TIMEOUT_MS = 30_000;

/** Answers the requests of the console's page; the same for every way that they come. */
export function consoleHandler(
  { api, files, logs }: ConsoleSettings,
  guard: GuardSettings,
): (request: ConsoleRequest) => Promise<ConsoleAnswer> {
  const passToApi = passOn(api);
  const about = jsonAnswer(200, { api: api.url, logs: logs !== undefined });

  const data = async (request: ConsoleRequest): Promise<ConsoleAnswer> => {
    const path = pathOf(request);
    if (path.startsWith("/api/")) return await passToApi(request);
    if (request.method !== "GET") return notAllowed(["GET"]);
    if (path === "/console.json") return about;
    const of = LOGS.exec(path)?.[1];
    if (of === undefined || logs === undefined) return problemAnswer(404, "NotServed", "The console has no such path.");
    return await readLogs(logs, of);
  };

  const page = (request: ConsoleRequest): ConsoleAnswer => {
    if (request.method !== "GET") return notAllowed(["GET"]);
    const file = pageFile(files, pathOf(request));
    if (file === undefined) return problemAnswer(404, "NotServed", "The console has no such page.");
    const cookie = `${cookieName(guard.port)}=${guard.pageKey}; Path=/; HttpOnly; SameSite=Strict`;
    const set: Record<string, string> = queryOf(request).has("token") ? { "set-cookie": cookie } : {};
    return { status: 200, headers: { "content-type": file.type, ...set }, body: file.body };
  };

  return async (request) => {
    const part = isData(request) ? "data" : "page";
    const answer = refusal(request, part, guard) ?? (part === "data" ? await data(request) : page(request));
    return { ...answer, headers: { ...answer.headers, ...SECURITY_HEADERS } };
  };
}

async function readLogs(logs: ReadLogs, of: string): Promise<ConsoleAnswer> {
  try {
    return jsonAnswer(200, { lines: await logs(of, AbortSignal.timeout(LOGS_TIMEOUT_MS)) });
  } catch (error) {
    return problemAnswer(502, "LogsNotRead", error instanceof Error ? error.message : String(error));
  }
}
