import type { CsvTable } from "./csv-table.ts";
import { MarkEvidence } from "./decimal-mark.ts";
import { nextTurn } from "./next-turn.ts";
import { Rejects } from "./rejects.ts";
import type { ScratchFiles } from "./scratch-files.ts";
import { Spool } from "./spool.ts";

/** A row as it is kept: as many values as the table has columns, and its text where it may still be rejected. */
export type TableRow = readonly [line: number, lines: number, values: readonly string[], text?: string];

/** The rows of a CSV, to be read as often as asked. */
export interface TableRows {
  readonly headers: readonly string[];
  readonly rows: Spool<TableRow>;
  /** What the rows tell about each column's decimal mark. */
  readonly marks: readonly MarkEvidence[];
  /** How many lines the rows take. */
  readonly lines: number;
  /** Records that are no rows of this table. */
  readonly rejects: Rejects;
}

/**
 * Reads a table once.
 *
 * @param isNoValue of a text that means "no value".
 * @throws PermanentError "InvalidCsv"
 */
export async function readRows(
  { headers, batches }: CsvTable,
  { isNoValue, keepTexts }: { readonly isNoValue: (text: string) => boolean; readonly keepTexts: boolean },
  scratch: ScratchFiles,
  signal: AbortSignal,
): Promise<TableRows> {
  const rows = new Spool<TableRow>(scratch);
  const rejects = new Rejects(scratch);
  const marks = headers.map(() => new MarkEvidence());
  let lines = 0;
  for await (const batch of batches) {
    await nextTurn(signal);
    for (const { line, lines: count, text, fields } of batch.rows) {
      const values = fields.length === headers.length ? fields : headers.map((_, column) => fields[column] ?? "");
      for (const [column, value] of values.entries()) if (!isNoValue(value)) marks[column]?.add(value);
      rows.push(keepTexts ? [line, count, values, text] : [line, count, values]);
      lines += count;
    }
    for (const reject of batch.rejects) rejects.add(reject);
    await rows.settle();
    await rejects.settle();
  }
  return { headers, rows, marks, lines, rejects };
}
