import { jsonPointer } from "./json-pointer.ts";

/** A token of JSON that is no string, from its first character on: a character of the structure, or a number or word. */
const TOKEN = /[[\]{},:]|[^\s[\]{},:"]+/y;
const BLANK = 0x20;

/** What a walk meets, in the order of the text. Offsets are those of JavaScript's strings; `end` is past the last character. */
export interface JsonVisitor {
  /** An object or array begins. */
  readonly open?: (start: number) => void;
  /** The object or array that began last, of those that have not ended, ends. */
  readonly close?: (end: number) => void;
  /** The name of a member, whose value comes next. */
  readonly name?: (name: string) => void;
  /** A string, number, boolean or null. */
  readonly scalar?: (start: number, end: number) => void;
}

/**
 * A walk through a JSON text, where its values would not do: they have no digits, no places and no second member of a name.
 * It builds nothing and does not recurse, so no text is too large or too deep for it.
 */
export class JsonWalk {
  readonly #text: string;
  /** For each object and array around the current place: the name or index there. */
  readonly #path: (string | number)[] = [];

  /** @param text JSON, as `JSON.parse` has accepted it: a walk does not check it again. */
  constructor(text: string) {
    this.#text = text;
  }

  /** How many objects and arrays the current value is in. */
  get depth(): number {
    return this.#path.length;
  }

  /** The current value's name in its object, or index in its array. */
  get key(): string | number | undefined {
    return this.#path.at(-1);
  }

  /** The JSON pointer of the current value. */
  get pointer(): string {
    return jsonPointer(this.#path);
  }

  run({ open, close, name, scalar }: JsonVisitor): void {
    const text = this.#text;
    const path = this.#path;
    let isName = false;
    let end = 0;
    for (let start = endOfBlanks(text, 0); start < text.length; start = endOfBlanks(text, end)) {
      end = text[start] === '"' ? endOfString(text, start) : endOfToken(text, start);
      if (end === 0) throw new SyntaxError(`not JSON at ${start}`);
      switch (text[start]) {
        case "{":
        case "[":
          open?.(start);
          isName = text[start] === "{";
          path.push(isName ? "" : 0);
          break;
        case "}":
        case "]":
          path.pop();
          isName = false;
          close?.(end);
          break;
        case ",":
          isName = !nextItem(path);
          break;
        case ":":
          isName = false;
          break;
        default:
          if (isName) {
            const key = nameOf(text.slice(start, end));
            path[path.length - 1] = key;
            name?.(key);
          } else {
            scalar?.(start, end);
          }
      }
    }
  }
}

function endOfBlanks(text: string, start: number): number {
  let end = start;
  while (text.charCodeAt(end) <= BLANK) end += 1;
  return end;
}

/** The place past a token; 0 where there is none. */
function endOfToken(text: string, start: number): number {
  TOKEN.lastIndex = start;
  TOKEN.test(text);
  return TOKEN.lastIndex;
}

/** The place past a string; 0 where it does not end. By hand, as a regular expression takes memory for each escape that it passes. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote + 1;
}

/** Whether an odd number of backslashes comes before. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === "\\") first -= 1;
  return (at - first) % 2 === 1;
}

/** Goes on to the next item of an array. @returns false in an object, where a name comes next. */
function nextItem(path: (string | number)[]): boolean {
  const last = path.length - 1;
  const key = path[last];
  if (typeof key !== "number") return false;
  path[last] = key + 1;
  return true;
}

function nameOf(token: string): string {
  return token.includes("\\") ? (JSON.parse(token) as string) : token.slice(1, -1);
}
