/** One rule applied to one setting. */
export interface Check {
  readonly setting: string;
  readonly given: unknown;
  readonly valid: boolean;
  readonly allowed: string;
}

export function matches(setting: string, given: unknown, pattern: RegExp, allowed: string): Check {
  return { setting, given, valid: typeof given === "string" && pattern.test(given), allowed };
}

export function isOneOf(setting: string, given: unknown, values: readonly unknown[]): Check {
  return { setting, given, valid: values.includes(given), allowed: values.map((value) => JSON.stringify(value)).join(", ") };
}

/** @param source where the bounds come from. */
export function isWhole(setting: string, given: unknown, min: number, max: number, source: string): Check {
  const valid = Number.isInteger(given) && (given as number) >= min && (given as number) <= max;
  return { setting, given, valid, allowed: `a whole number from ${min} to ${max} (${source})` };
}

export function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
