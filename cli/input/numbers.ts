import { UsageError } from "../cli-error.ts";

export interface Range {
  readonly min: number;
  readonly max: number;
  /** @default true */
  readonly whole?: boolean;
}

/** Reads a number of an option. @throws UsageError that says what is allowed. */
export function numberIn({ min, max, whole = true }: Range): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    throw new UsageError(`allowed: a ${whole ? "whole " : ""}number from ${min} to ${max}`);
  };
}
