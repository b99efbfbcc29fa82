import { setImmediate as turn } from "node:timers/promises";
import { isMany, none } from "stream-chain/core";
import { jsonParser } from "stream-json/core/parser.js";
import { MAX_DEPTH } from "./lossless-json.ts";

/** Characters between two turns of the event loop: about 2 ms' worth. */
const SLICE = 65_536;

/** How each token changes the depth; the others leave it. */
const DEPTHS: Readonly<Record<string, number>> = { startObject: 1, startArray: 1, endObject: -1, endArray: -1 };

/**
 * Checks whether a text is JSON, of any size, and no deeper than a handler's result may be: each level takes memory. `JSON.parse` would
 * build every value, which for a text of megabytes holds the thread for seconds and takes many times its memory; this keeps none, and
 * lets others have their turn.
 *
 * @param onMember called with the name of each member of a text that is an object, from the first to the last.
 */
export async function isJson(text: string, onMember: (name: string) => void = () => {}): Promise<boolean> {
  const parse = jsonParser({ streamKeys: false, packStrings: false, packNumbers: false });
  let depth = 0;
  try {
    for (let start = 0; start < text.length; start += SLICE) {
      if (start > 0) await turn();
      const tokens = parse(text.slice(start, start + SLICE));
      if (!isMany(tokens)) continue;
      for (const token of tokens.values) {
        if (token.name === "keyValue" && depth === 1) onMember(token.value);
        depth += DEPTHS[token.name] ?? 0;
        if (depth > MAX_DEPTH) return false;
      }
    }
    // The end of the text, which the types leave out.
    parse(none as unknown as string);
    return true;
  } catch {
    return false;
  }
}
