import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import { validUntil, wholeCharacters } from "./utf8.ts";

/** What a command wrote to its standard output. */
export type CommandOutput =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tooLarge" }
  /** The first byte that is not UTF-8, and its place, counted from 0. */
  | { readonly kind: "notUtf8"; readonly byte: number; readonly offset: number };

const BLOCK_BYTES = 65_536;
const BYTE_ORDER_MARK = "\ufeff";

/**
 * Reads all of a command's standard output as UTF-8. A byte order mark before it is left out. Memory stays bounded, however the
 * bytes come: past the limit, or once they are not UTF-8, they are dropped.
 *
 * @param onTooLarge called once, at the first byte past the limit.
 */
export async function readStandardOutput(stream: Readable, maxBytes: number, onTooLarge: () => void): Promise<CommandOutput> {
  // Chunks may be single bytes; each as an object of its own would take a hundred times its size.
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let [filled, bytes, decoded, text] = [0, 0, 0, ""];
  let refused: Exclude<CommandOutput, { kind: "text" }> | undefined;

  const decodeBlock = ({ atEnd }: { readonly atEnd: boolean }): void => {
    const end = atEnd ? filled : wholeCharacters(block.subarray(0, filled));
    if (isUtf8(block.subarray(0, end))) {
      text += block.toString("utf8", 0, end);
      decoded += end;
      filled = block.copy(block, 0, end, filled);
      return;
    }
    const wrong = validUntil(block.subarray(0, end));
    refused = { kind: "notUtf8", byte: block[wrong] as number, offset: decoded + wrong };
    text = "";
  };
  stream.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes && refused?.kind !== "tooLarge") {
      refused = { kind: "tooLarge" };
      text = "";
      onTooLarge();
    }
    for (let at = 0; at < chunk.length && refused === undefined; ) {
      const copied = chunk.copy(block, filled, at);
      at += copied;
      filled += copied;
      if (filled === BLOCK_BYTES) decodeBlock({ atEnd: false });
    }
  });
  const ended = Promise.withResolvers<void>();
  stream.once("close", ended.resolve);
  await ended.promise;
  if (refused === undefined) decodeBlock({ atEnd: true });
  return refused ?? { kind: "text", text: text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text };
}
