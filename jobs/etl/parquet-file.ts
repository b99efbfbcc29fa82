import { zstdCompressSync } from "node:zlib";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { Column } from "./clean-table.ts";
import { nextTurn } from "./next-turn.ts";

/** Cells of a row group, all of whose values are in memory at once. */
const GROUP_CELLS = 500_000;

/** Writes a table as a Parquet file, compressed with zstd. */
export async function parquetFile(columns: readonly Column[], rows: number, signal: AbortSignal): Promise<Uint8Array> {
  const elements = columns.map(({ name, storage }) => ({ name, repetition_type: "OPTIONAL" as const, ...storage.element }));
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: [{ name: "root", num_children: columns.length }, ...elements],
    codec: "ZSTD",
    compressors: { ZSTD: (input) => zstdCompressSync(input) },
  });
  const rowGroupSize = Math.ceil(GROUP_CELLS / columns.length);
  for (let from = 0; from < rows; from += rowGroupSize) {
    await nextTurn(signal);
    const columnData = columns.map(({ name, texts, storage }) => ({
      name,
      data: texts.slice(from, from + rowGroupSize).map((text) => (text === null ? null : storage.value(text))),
    }));
    await file.write({ columnData, rowGroupSize });
  }
  await file.finish();
  return writer.getBytes();
}
