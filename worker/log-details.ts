import { inspect, types } from "node:util";

/** Bounds of one line: CloudWatch takes 256 KB of it, far more than people read. */
const MAX_DEPTH = 8;
const MAX_MEMBERS = 100;
const MAX_TEXT_CHARACTERS = 8_192;
const MAX_CHARACTERS = 32_768;
/** What a value counts for beside its text. */
const VALUE_CHARACTERS = 8;

/** What an error has besides its own members, which are listed like those of any object. */
const ERROR_MEMBERS = ["name", "message", "stack", "cause", "errors"] as const;

/** A line's message as it is logged: text of a bounded length, whatever a handler gave. */
export function logMessage(message: unknown): string {
  return cut(typeof message === "string" ? message : described(message), MAX_TEXT_CHARACTERS);
}

/**
 * Shows the details of a log line as JSON holds them, whatever they are. Errors show name, message, stack and cause, maps and sets
 * what is in them; what is too much is cut and counted. It never throws.
 */
export function logDetails(details: object): Readonly<Record<string, unknown>> {
  const shown = new Details().show(details, 0);
  return isMembers(shown) ? shown : { details: shown };
}

class Details {
  readonly #around = new Set<object>();
  #left = MAX_CHARACTERS;

  show(value: unknown, depth: number): unknown {
    this.#left -= VALUE_CHARACTERS;
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "boolean":
      case "undefined":
        return value;
      case "object":
        return value === null ? null : this.#object(value, depth);
      default:
        return this.#text(described(value));
    }
  }

  #object(value: object, depth: number): unknown {
    if (this.#around.has(value)) return "[circular]";
    if (depth === MAX_DEPTH || this.#left <= 0) return "…";
    this.#around.add(value);
    try {
      return this.#content(value, depth + 1);
    } catch (error) {
      // A toJSON or an iterator of the handler's own.
      return this.#text(`[threw ${described(error)}]`);
    } finally {
      this.#around.delete(value);
    }
  }

  #content(value: object, depth: number): unknown {
    // A proxy may answer with anything, at any time; `inspect` asks its target.
    if (types.isProxy(value) || ArrayBuffer.isView(value)) return this.#text(described(value));
    if (Array.isArray(value)) return this.#items(value, value.length, depth);
    if (types.isMap(value)) return { Map: this.#items(value.entries(), value.size, depth) };
    if (types.isSet(value)) return { Set: this.#items(value.values(), value.size, depth) };
    if (types.isNativeError(value) || value instanceof Error) {
      const names = new Set([...ERROR_MEMBERS.filter((name) => name in value), ...Object.keys(value)]);
      return this.#members(value, [...names], depth);
    }
    const { toJSON } = value as { readonly toJSON?: unknown };
    if (typeof toJSON === "function") return this.show(toJSON.call(value), depth);
    const names = Object.keys(value);
    return names.length === 0 && !isPlain(value) ? this.#text(described(value)) : this.#members(value, names, depth);
  }

  #items(items: Iterable<unknown>, count: number, depth: number): unknown[] {
    const shown: unknown[] = [];
    for (const item of items) {
      if (shown.length === MAX_MEMBERS || this.#left <= 0) return [...shown, `… ${count - shown.length} more`];
      shown.push(this.show(item, depth));
    }
    return shown;
  }

  #members(value: object, names: readonly string[], depth: number): Record<string, unknown> {
    const shown: [string, unknown][] = [];
    for (const name of names) {
      if (shown.length === MAX_MEMBERS || this.#left <= 0) {
        shown.push(["…", `${names.length - shown.length} more`]);
        break;
      }
      shown.push([this.#text(name), this.#member(value, name, depth)]);
    }
    return Object.fromEntries(shown);
  }

  #member(value: object, name: string, depth: number): unknown {
    let member: unknown;
    try {
      member = (value as Record<string, unknown>)[name];
    } catch (error) {
      return this.#text(`[threw ${described(error)}]`);
    }
    return this.show(member, depth);
  }

  #text(text: string): string {
    const shown = cut(text, Math.min(MAX_TEXT_CHARACTERS, Math.max(0, this.#left)));
    this.#left -= shown.length;
    return shown;
  }
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}… ${text.length - most} more`;
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A line about a value, by Node's `inspect`, which calls nothing of the value's own. */
function described(value: unknown): string {
  return inspect(value, { customInspect: false, depth: 0, maxArrayLength: 10, maxStringLength: 200, breakLength: Infinity });
}
