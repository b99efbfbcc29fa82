import { readDateTime } from "./date-time.ts";
import type { ApiRequest } from "./event.ts";
import { type PathError, quote } from "./problem.ts";

/**
 * Reads a query parameter that is a time.
 *
 * @param errors takes what is wrong with it.
 * @returns epoch milliseconds, with a half for a time between two of them; undefined where it is not given, or wrong.
 */
export function queryTime({ query }: ApiRequest, name: string, errors: PathError[]): number | undefined {
  const given = query.get(name)?.[0];
  if (given === undefined) return undefined;
  const time = readDateTime(given);
  if (time === undefined) {
    errors.push({ path: `?${name}`, message: `must be a time such as 2026-11-02T09:00:00Z, not ${quote(given)}` });
  }
  return time;
}
