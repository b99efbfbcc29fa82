import { zstdCompressSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Column } from "./clean-table.ts";

/** Writes a table as a Parquet file, compressed with zstd. */
export function parquetFile(columns: readonly Column[]): Uint8Array {
  const schema = columns.map(({ name, storage }) => ({ name, repetition_type: "OPTIONAL" as const, ...storage.element }));
  return new Uint8Array(
    parquetWriteBuffer({
      schema: [{ name: "root", num_children: columns.length }, ...schema],
      columnData: columns.map(({ name, texts, storage }) => ({
        name,
        data: texts.map((text) => (text === null ? null : storage.value(text))),
      })),
      codec: "ZSTD",
      compressors: { ZSTD: (input) => zstdCompressSync(input) },
    }),
  );
}
