import type { CsvRecord } from "./csv-records.ts";
import { invalidCsv } from "./csv-text.ts";
import type { ScratchFiles } from "./scratch-files.ts";
import { Spool } from "./spool.ts";

/** A row that is not in the table, and why. */
export interface Reject extends Pick<CsvRecord, "line" | "lines" | "text"> {
  readonly reason: string;
}

/** More of them than a CSV has that is short enough to be an input. */
const MAX_REJECTS = 10_000_000;

/** Rejects in the order of their lines. */
export class Rejects {
  readonly #spool: Spool<Reject>;
  #lines = 0;

  constructor(scratch: ScratchFiles) {
    this.#spool = new Spool(scratch);
  }

  get length(): number {
    return this.#spool.length;
  }

  /** How many lines they take. */
  get lines(): number {
    return this.#lines;
  }

  /** @throws PermanentError "InvalidCsv" when there are too many. `settle` must follow before many more. */
  add(reject: Reject): void {
    if (this.length === MAX_REJECTS) {
      throw invalidCsv(`line ${reject.line} cannot be used, as ${MAX_REJECTS} rows before it; allowed: ${MAX_REJECTS}`);
    }
    this.#lines += reject.lines;
    this.#spool.push(reject);
  }

  async settle(): Promise<void> {
    await this.#spool.settle();
  }

  async *read(): AsyncGenerator<Reject> {
    for await (const batch of this.#spool.read()) yield* batch;
  }
}

/** The rejects of two reasons, in the order of their lines. */
export async function* inOrder(left: Rejects, right: Rejects): AsyncGenerator<Reject> {
  const others = right.read();
  let other = await others.next();
  for await (const reject of left.read()) {
    for (; other.done !== true && other.value.line < reject.line; other = await others.next()) yield other.value;
    yield reject;
  }
  for (; other.done !== true; other = await others.next()) yield other.value;
}
