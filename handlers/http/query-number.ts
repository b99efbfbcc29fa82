import type { ApiRequest } from "./event.ts";
import { type PathError, quote } from "./problem.ts";

/** JSON Schema of a whole number in a query. */
export interface WholeNumberSchema {
  readonly type: "integer";
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Reads a query parameter that is a whole number, written in digits alone.
 *
 * @param errors takes what is wrong with it.
 * @returns undefined where it is not given, or wrong.
 */
export function queryNumber(
  { query }: ApiRequest,
  name: string,
  { minimum, maximum }: WholeNumberSchema,
  errors: PathError[],
): number | undefined {
  const given = query.get(name)?.[0];
  if (given === undefined) return undefined;
  const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  errors.push({ path: `?${name}`, message: `must be a whole number from ${minimum} to ${maximum}, not ${quote(given)}` });
  return undefined;
}
