import { setImmediate as turn } from "node:timers/promises";

/** Tokens between two turns of the event loop: a few milliseconds' worth. */
const TOKENS_PER_TURN = 10_000;
/** Arrays and objects within each other. V8 writes no JSON that is nested much deeper. */
const MAX_DEPTH = 5_000;

/** The last of the characters that JSON takes for space: tab, newline, return, blank. */
const BLANK = 0x20;
/** What follows a number or a word: a character of JSON's structure, or space. */
const DELIMITERS: ReadonlySet<string> = new Set([",", ":", "{", "}", "[", "]", '"', " ", "\t", "\n", "\r"]);

/** What may come next. `first` and `firstKey` stand after an opening bracket, where the closing one may follow. */
type Expected = "value" | "first" | "key" | "firstKey" | "colon" | "next";

/**
 * Whether a text is JSON. `JSON.parse` builds every value, which for a text of megabytes holds the thread for seconds and takes
 * many times its memory; this builds none, and lets others have their turn.
 */
export async function isJson(text: string): Promise<boolean> {
  const closing: string[] = [];
  let expected: Expected = "value";
  let at = endOfSpace(text, 0);
  for (let tokens = 1; at < text.length; tokens += 1) {
    if (tokens % TOKENS_PER_TURN === 0) await turn();
    const token = text.charAt(at);
    const isValue = expected === "value" || expected === "first";
    let end = at + 1;
    if (token === "{" || token === "[") {
      if (!isValue || closing.length === MAX_DEPTH) return false;
      closing.push(token === "{" ? "}" : "]");
      expected = token === "{" ? "firstKey" : "first";
    } else if (token === "}" || token === "]") {
      if (expected !== "next" && expected !== (token === "}" ? "firstKey" : "first")) return false;
      if (closing.pop() !== token) return false;
      expected = "next";
    } else if (token === ",") {
      if (expected !== "next" || closing.length === 0) return false;
      expected = closing.at(-1) === "}" ? "key" : "value";
    } else if (token === ":") {
      if (expected !== "colon") return false;
      expected = "value";
    } else {
      const isKey: boolean = token === '"' && (expected === "key" || expected === "firstKey");
      if (!isKey && !isValue) return false;
      end = token === '"' ? endOfString(text, at) : endOfWord(text, at);
      if (!isScalar(text.slice(at, end))) return false;
      expected = isKey ? "colon" : "next";
    }
    at = endOfSpace(text, end);
  }
  return expected === "next" && closing.length === 0;
}

function endOfSpace(text: string, start: number): number {
  let end = start;
  while (text.charCodeAt(end) <= BLANK && DELIMITERS.has(text.charAt(end))) end += 1;
  return end;
}

function endOfWord(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && !DELIMITERS.has(text.charAt(end))) end += 1;
  return end;
}

/** The place after a string's closing quote: the first that no odd number of backslashes precedes. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (text.charAt(before) === "\\") before -= 1;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
  return text.length;
}

function isScalar(token: string): boolean {
  try {
    JSON.parse(token);
    return true;
  } catch {
    return false;
  }
}
