import type { CsvRecord } from "./csv-records.ts";
import { RecordReader } from "./csv-records.ts";
import { checkText, invalidCsv, lastLineEnd, withoutMarks } from "./csv-text.ts";
import { nextTurn } from "./next-turn.ts";

/** A CSV that can be read from its beginning as often as asked. */
export interface CsvSource {
  /** Its characters, or bytes. */
  readonly size: number;
  /** Its text, in pieces of any length. */
  readonly open: () => AsyncIterable<string>;
}

/** What is read at a time, in characters, and what of a file tells its delimiter and its column names. */
const BLOCK_CHARACTERS = 1_000_000;
/** Of a file, what is decoded at a time: as many records as it may hold are in memory. */
const DECODED_BYTES = 250_000;
export const SAMPLE_CHARACTERS = 1_900_000;
/** The longest record of a file, in characters: as long as a text may be. A quote that is open for longer is never closed. */
const MAX_RECORD_CHARACTERS = SAMPLE_CHARACTERS;

export function textSource(csv: string): CsvSource {
  return {
    size: csv.length,
    open: async function* () {
      yield csv;
    },
  };
}

/** @param open the file's bytes. What is not UTF-8 becomes U+FFFD, which no text has. */
export function fileSource(size: number, open: () => Promise<AsyncIterable<Uint8Array>>): CsvSource {
  return {
    size,
    open: async function* () {
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      for await (const bytes of await open()) {
        for (let from = 0; from < bytes.byteLength; from += DECODED_BYTES) {
          yield decoder.decode(bytes.subarray(from, from + DECODED_BYTES), { stream: true });
        }
      }
      yield decoder.decode();
    },
  };
}

/** A CSV's beginning: all of it, or as much as ends with a line. */
export async function readSample({ open }: CsvSource): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  let text = "";
  for await (const piece of open()) {
    text += piece;
    const end = lastLineEnd(text);
    if (text.length > SAMPLE_CHARACTERS && end > 0) return { text: text.slice(0, end), isWhole: false };
    checkLine(text, end, 1);
  }
  return { text, isWhole: true };
}

/** All records of a CSV, some thousands at a time. @throws PermanentError "InvalidCsv" where it is not text, or a line is too long. */
export async function* readBatches({ open }: CsvSource, delimiter: string, signal: AbortSignal): AsyncGenerator<CsvRecord[]> {
  const reader = new RecordReader(delimiter, signal);
  let text = "";
  let isFirst = true;
  /** Of a record that may go on. */
  let unread = 0;
  const read = async (part: string, isLast: boolean) => {
    // What was not read before has been looked at.
    checkText(part.slice(unread), reader.line + lineEnds(part.slice(0, unread)), isFirst);
    const content = isFirst ? withoutMarks(part) : part;
    isFirst = false;
    return await reader.read(content, isLast ? 0 : MAX_RECORD_CHARACTERS);
  };
  for await (const piece of open()) {
    text += piece;
    if (text.length - unread < BLOCK_CHARACTERS) continue;
    await nextTurn(signal);
    const end = lastLineEnd(text);
    checkLine(text, end, reader.line + 1);
    if (end <= unread) continue;
    const { records, rest } = await read(text.slice(0, end), false);
    text = rest + text.slice(end);
    unread = rest.length;
    yield records;
  }
  yield (await read(text, true)).records;
}

/** A line without end would fill the memory. */
function checkLine(text: string, end: number, line: number): void {
  if (text.length - end <= 2 * MAX_RECORD_CHARACTERS) return;
  throw invalidCsv(`line ${line} or one below has more than ${MAX_RECORD_CHARACTERS} characters`);
}

function lineEnds(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}
