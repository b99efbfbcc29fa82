import type { FileHandle } from "node:fs/promises";
import type { ScratchFiles } from "./scratch-files.ts";

/** Characters of JSON that are in memory before they go to the disk. */
const MEMORY_CHARACTERS = 4_000_000;
const VALUES_PER_BATCH = 10_000;
const BATCH_BYTES = 1_048_576;

/** Values that are kept in their order, to be read as often as asked: few in memory, many on the disk. */
export class Spool<Value> {
  readonly #scratch: ScratchFiles;
  #lines: string[] = [];
  #characters = 0;
  #file: FileHandle | undefined;
  #length = 0;

  constructor(scratch: ScratchFiles) {
    this.#scratch = scratch;
  }

  get length(): number {
    return this.#length;
  }

  /** Takes a value that is JSON. `settle` must follow before many more. */
  push(value: Value): void {
    const line = JSON.stringify(value);
    this.#lines.push(line);
    this.#characters += line.length;
    this.#length += 1;
  }

  /** Makes room in memory. */
  async settle(): Promise<void> {
    if (this.#characters >= MEMORY_CHARACTERS) await this.#write();
  }

  /** All values, some at a time. */
  async *read(): AsyncGenerator<Value[]> {
    if (this.#file === undefined) {
      for (let from = 0; from < this.#lines.length; from += VALUES_PER_BATCH) {
        yield this.#lines.slice(from, from + VALUES_PER_BATCH).map(parse<Value>);
      }
      return;
    }
    await this.#write();
    const text = this.#file.createReadStream({ start: 0, autoClose: false, encoding: "utf8", highWaterMark: BATCH_BYTES });
    let rest = "";
    for await (const chunk of text as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      yield lines.map(parse<Value>);
    }
  }

  async #write(): Promise<void> {
    if (this.#lines.length === 0) return;
    this.#file ??= await this.#scratch.open();
    // JSON has no line end of its own.
    await this.#file.appendFile(`${this.#lines.join("\n")}\n`);
    this.#lines = [];
    this.#characters = 0;
  }
}

function parse<Value>(line: string): Value {
  return JSON.parse(line) as Value;
}
