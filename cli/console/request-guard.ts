import { type ConsoleAnswer, type ConsoleRequest, pathOf, problemAnswer, queryOf } from "./console-request.ts";
import { isSecret } from "./secret.ts";

/** What a request must know and where it must come from. */
export interface GuardSettings {
  /** Stands in the address that `jobs console` prints, and in a header of every request of the page. */
  readonly token: string;
  /**
   * Stands in the page's cookie, and opens the page's files and nothing else: browsers send a cookie to every port of a host, where another
   * user of the machine may listen.
   */
  readonly pageKey: string;
  /** The port that the server listens on. */
  readonly port: number;
}

export const TOKEN_HEADER = "x-console-token";
const OWN_DESTINATIONS: ReadonlySet<unknown> = new Set([undefined, "document", "script", "style", "font", "image", "empty"]);

export function cookieName(port: number): string {
  return `jobs_console_${port}`;
}

/**
 * Refuses what does not come from the page that this server gave to the one who started it: other hosts' names for this address (DNS
 * rebinding), other origins (CSRF), frames, and whoever knows no secret.
 *
 * @param part `data` is what the page reads and does, `page` its files.
 * @returns the refusal, or undefined for a request that may pass.
 */
export function refusal(request: ConsoleRequest, part: "data" | "page", settings: GuardSettings): ConsoleAnswer | undefined {
  const { headers } = request;
  const host = `127.0.0.1:${settings.port}`;
  if (headers.host !== host) return refused("WrongHost", `The console is at http://${host} only.`);
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) {
    return refused("WrongOrigin", "The console answers no page but its own.");
  }
  const token = part === "data" ? headers[TOKEN_HEADER] : queryOf(request).get("token");
  const knowsToken = isSecret(typeof token === "string" ? token : undefined, settings.token);
  const site = headers["sec-fetch-site"];
  // A link to the whole address may stand anywhere: whoever has it has the token.
  const mayBeFrom =
    knowsToken && part === "page"
      ? [undefined, "none", "same-origin", "same-site", "cross-site"]
      : [undefined, "none", "same-origin"];
  if (!mayBeFrom.includes(site as string | undefined)) return refused("WrongOrigin", "The console answers no page but its own.");
  if (!OWN_DESTINATIONS.has(headers["sec-fetch-dest"])) return refused("Framed", "The console is shown in no other page.");
  if (knowsToken || (part === "page" && isSecret(cookieOf(request, cookieName(settings.port)), settings.pageKey)))
    return undefined;
  return refused("TokenMissing", "Open the address that `jobs console` prints: it has a token, and each start has another.");
}

function refused(code: string, detail: string): ConsoleAnswer {
  return problemAnswer(403, code, detail);
}

function cookieOf({ headers }: ConsoleRequest, name: string): string | undefined {
  const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([key]) => key === name)?.[1];
}

/** Whether the path is of the page's data. */
export function isData(request: ConsoleRequest): boolean {
  return /^\/(api|logs|console\.json)(\/|$)/.test(pathOf(request));
}
