import { MAX_MESSAGE_CHARACTERS } from "@autoscaling-job-queues/domain/limits";
import { readableText } from "./utf8.ts";

export interface CommandProgress {
  /** From 0 to 1. */
  readonly fraction: number;
  readonly message: string | undefined;
}

/** Matched against the first bytes of a line, which are more than it can match: its end is the line's. */
const PROGRESS = /^progress[ \t]{1,8}([-+.0-9eE]{1,32})(?:[ \t]|$)/;
const PREFIX_BYTES = 64;
/** Of most lines, nothing else is looked at. */
const FIRST_BYTE = 0x70;

/** What sums of fractions are off by, such as 49 times 1/49. */
const ROUNDING = 1e-9;

/** UTF-8 has at most so many bytes a character. */
const MAX_MESSAGE_BYTES = 4 * MAX_MESSAGE_CHARACTERS;

/**
 * Reads a line `progress <fraction> <message>`, in which the message may be left out. Its length does not matter: only its first
 * bytes are looked at.
 *
 * @returns undefined for any other line, such as `progress 5 of 10`: what is not a fraction from 0 to 1 is for people.
 */
export function commandProgress(line: Buffer): CommandProgress | undefined {
  if (line[0] !== FIRST_BYTE) return undefined;
  const found = PROGRESS.exec(line.toString("latin1", 0, PREFIX_BYTES));
  if (found === null) return undefined;
  const [{ length }, fraction] = [found[0], Number(found[1])];
  if (!(fraction >= 0 && fraction <= 1 + ROUNDING)) return undefined;
  const message = readableText(line.subarray(length, length + MAX_MESSAGE_BYTES)).trim();
  return { fraction: Math.min(1, fraction), message: message === "" ? undefined : message };
}
