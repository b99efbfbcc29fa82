import { isDate } from "node:util/types";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { jsonPointer } from "@autoscaling-job-queues/domain/json-pointer";
import { MAX_RESULT_BYTES } from "@autoscaling-job-queues/domain/limits";

/** Pieces of text that are joined at a time: each costs more memory than its characters do. */
const PIECES = 8_192;
/** The deepest value of a result: one that a `toJSON` wraps without end would fill the memory first. */
export const MAX_DEPTH = 250_000;
/** Of its path, what its error names. */
const SHOWN_LEVELS = 10;

/** Thrown for a value that JSON would change or lose; the message says what it is, and where, by a JSON pointer. */
export class NotJsonError extends JobQueueError {
  constructor(what: string, path: readonly (string | number)[], options?: ErrorOptions) {
    super("NotJson", `${what} at ${jsonPointer(path)}`, options);
  }
}

/** Thrown for JSON that is larger than it may be. */
export class JsonTooLargeError extends JobQueueError {
  constructor(maxBytes: number) {
    super("JsonTooLarge", `more than ${maxBytes} bytes of JSON`);
  }
}

/** An object or array that is being written. */
interface Open {
  readonly value: object;
  /** Undefined for an array. */
  readonly names: readonly string[] | undefined;
  /** How many members were looked at, and how many written. */
  seen: number;
  written: number;
}

/**
 * Writes a value as `JSON.stringify` does, but throws where that would write less than there is: for a `Map`, an `Error`, `NaN`, a
 * function, an instance of a class without `toJSON`. Left out as usual are members that are undefined, that symbols name, and
 * that an array has beside its items. It keeps -0, calls each getter and `toJSON` once, and does not recurse.
 *
 * @param root the value's name, with which the paths in errors begin.
 * @param maxBytes the most that is written, within a factor of three: characters are counted.
 * @returns undefined for undefined.
 * @throws NotJsonError, also for cycles, for more than 250,000 levels, and for what getters and `toJSON` throw; JsonTooLargeError.
 */
export function losslessJson(value: unknown, root: string, maxBytes = MAX_RESULT_BYTES): string | undefined {
  const open: Open[] = [];
  const around = new Set<object>();
  const path: (string | number)[] = [root];
  let text = "";
  let pieces: string[] = [];
  let characters = 0;

  const write = (piece: string): void => {
    characters += piece.length;
    if (characters > maxBytes) throw new JsonTooLargeError(maxBytes);
    if (pieces.push(piece) < PIECES) return;
    text += pieces.join("");
    pieces = [];
  };
  const writeValue = (converted: unknown): void => {
    if (typeof converted !== "object" || converted === null || JSON.isRawJSON(converted)) {
      write(scalar(converted, path));
      return;
    }
    if (around.has(converted)) throw new NotJsonError("a value that holds itself", path);
    if (open.length === MAX_DEPTH) throw new NotJsonError(`more than ${MAX_DEPTH} levels`, path.slice(0, SHOWN_LEVELS));
    const names = Array.isArray(converted) ? undefined : namesOf(converted, path);
    open.push({ value: converted, names, seen: 0, written: 0 });
    around.add(converted);
    path.push("");
    write(names === undefined ? "[" : "{");
  };

  const converted = convert(value, "", path);
  if (converted === undefined) return undefined;
  writeValue(converted);
  for (let inside = open.at(-1); inside !== undefined; inside = open.at(-1)) {
    const { value, names } = inside;
    if (inside.seen === (names ?? (value as unknown[])).length) {
      write(names === undefined ? "]" : "}");
      open.pop();
      around.delete(value);
      path.pop();
      continue;
    }
    const key = names?.[inside.seen] ?? inside.seen;
    inside.seen += 1;
    path[path.length - 1] = key;
    const member = read(value, key, path);
    if (member === undefined && names !== undefined) continue;
    if (inside.written > 0) write(",");
    inside.written += 1;
    if (names !== undefined) write(`${JSON.stringify(key)}:`);
    writeValue(member);
  }
  return text + pieces.join("");
}

/** Reads a member, as JSON takes it. */
function read(value: object, key: string | number, path: readonly (string | number)[]): unknown {
  let member: unknown;
  try {
    member = (value as Record<string | number, unknown>)[key];
  } catch (error) {
    throw thrown(error, path);
  }
  return convert(member, String(key), path);
}

/** What JSON takes for a value: what its `toJSON` returns, where it has one. */
function convert(value: unknown, key: string, path: readonly (string | number)[]): unknown {
  if (value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "bigint")) return value;
  // Node's buffers have a `toJSON`, which writes a number for each byte.
  if (ArrayBuffer.isView(value)) throw new NotJsonError(kind(value), path);
  let converted: unknown = value;
  try {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function") converted = toJSON.call(value, key);
  } catch (error) {
    throw thrown(error, path);
  }
  if (converted === null && isDate(value)) throw new NotJsonError("an invalid Date", path);
  return converted;
}

function scalar(value: unknown, path: readonly (string | number)[]): string {
  if (typeof value === "number" && Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  // It has no text for undefined, a function or a symbol, and none that is right for the other numbers.
  const json = typeof value === "number" || typeof value === "bigint" ? undefined : JSON.stringify(value);
  if (json === undefined) throw new NotJsonError(kind(value), path);
  return json;
}

function namesOf(value: object, path: readonly (string | number)[]): string[] {
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    // That of plain objects, also of those of another realm, inherits from nothing.
    if (prototype === null || Object.getPrototypeOf(prototype) === null) return Object.keys(value);
  } catch (error) {
    throw thrown(error, path);
  }
  throw new NotJsonError(kind(value), path);
}

function kind(value: unknown): string {
  if (typeof value === "number" || value === undefined) return String(value);
  if (typeof value === "bigint") return "a BigInt";
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  try {
    const { name } = value.constructor;
    if (typeof name === "string" && name !== "") return `an instance of ${name}`;
  } catch {
    // Named below.
  }
  return "an object of a class";
}

function thrown(error: unknown, path: readonly (string | number)[]): NotJsonError {
  const reason = error instanceof Error ? error.message : typeof error;
  return new NotJsonError(`a value that cannot be read (${reason})`, path, { cause: error });
}
