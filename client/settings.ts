import { JobsApiError } from "./jobs-api-error.ts";
import { RETRIES, type RetrySettings } from "./retries.ts";

/** The API's address without a slash at its end. @throws JobsApiError `InvalidSetting` */
export function addressOf(url: string): string {
  const wrong = (what: string): JobsApiError =>
    new JobsApiError(`url ${what}; give the API's address, starting with https://`, { code: "InvalidSetting" });
  if (!URL.canParse(url)) throw wrong(`is ${JSON.stringify(url)}`);
  const { protocol, username, password, search, hash } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") throw wrong(`is ${JSON.stringify(url)}`);
  // Not quoted, as it may be a secret.
  if (`${username}${password}${search}${hash}` !== "") throw wrong("has a user, a query or a fragment");
  return url.replace(/\/+$/, "");
}

/** @throws JobsApiError `InvalidSetting` where there would be no try, or no end of them. */
export function retriesOf(given: Partial<RetrySettings>): RetrySettings {
  const settings = { ...RETRIES, ...given };
  checkNumber("retries.tries", settings.tries, 1);
  checkNumber("retries.baseMs", settings.baseMs, 0);
  checkNumber("retries.maxMs", settings.maxMs, 0);
  return settings;
}

/** The longest time that a timer takes, in milliseconds: 24 days (HTML: 32 bits). */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** @throws JobsApiError `InvalidSetting` */
export function checkNumber(name: string, value: number, least: number): void {
  if (value >= least && value <= MAX_TIMER_MS) return;
  throw new JobsApiError(`${name} is ${value}; allowed: ${least} to ${MAX_TIMER_MS}`, { code: "InvalidSetting" });
}
