import { isUtf8 } from "node:buffer";

/** Matched against the first bytes of a line; what follows begins as JSON does, which most texts do not. */
const CHECKPOINT = /^checkpoint[ \t]{1,8}(?=[-[{"\dtfn])/;
const PREFIX_BYTES = 32;
/** Of most lines, nothing else is looked at. */
const FIRST_BYTE = 0x63;

/**
 * Reads a line `checkpoint <json>`.
 *
 * @returns the JSON text as it was written; undefined for any other line, such as `checkpoint saved`, which is for people.
 */
export function commandCheckpoint(line: Buffer): string | undefined {
  if (!isCheckpointLine(line) || !isUtf8(line)) return undefined;
  const text = line.toString().replace(CHECKPOINT, "");
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

/** Whether a line begins as one with a checkpoint does. */
export function isCheckpointLine(line: Buffer): boolean {
  return line[0] === FIRST_BYTE && CHECKPOINT.test(line.toString("latin1", 0, PREFIX_BYTES));
}
