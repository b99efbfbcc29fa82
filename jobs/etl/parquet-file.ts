import type { FileHandle } from "node:fs/promises";
import { zstdCompressSync } from "node:zlib";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { CleanedTable, Texts } from "./clean-table.ts";
import { nextTurn } from "./next-turn.ts";

/** Of a row group, all of whose values are in memory at once. */
const GROUP_CELLS = 500_000;
const GROUP_CHARACTERS = 16_000_000;
/** Columns times row groups: the file's footer, which is in memory, has an entry for each. */
const MAX_CHUNKS = 50_000;
/** Statistics are in memory until the file's end: those of texts that are all as short as this. */
const MAX_STATISTIC_CHARACTERS = 200;

/** Writes a table as a Parquet file, compressed with zstd, from the file's beginning. */
export async function writeParquet(table: CleanedTable, file: FileHandle, signal: AbortSignal): Promise<void> {
  const { columns, rows: rowCount, read } = table;
  const elements = columns.map(({ name, storage }) => ({ name, repetition_type: "OPTIONAL" as const, ...storage.element }));
  const writer = new ParquetWriter({
    writer: new FileWriter(file),
    schema: [{ name: "root", num_children: columns.length }, ...elements],
    codec: "ZSTD",
    compressors: { ZSTD: (input) => zstdCompressSync(input) },
  });
  const groupCells = Math.max(GROUP_CELLS, (rowCount * columns.length ** 2) / MAX_CHUNKS);
  const groupRows = Math.ceil(groupCells / columns.length);
  let group: Texts[] = [];
  let characters = 0;
  const writeGroup = async (): Promise<void> => {
    await nextTurn(signal);
    const columnData = columns.map(({ name, storage }, column) => {
      const data = group.map((texts) => {
        const text = texts[column] ?? null;
        return text === null ? null : storage.value(text);
      });
      const isLong = data.some((value) => typeof value === "string" && value.length > MAX_STATISTIC_CHARACTERS);
      return { name, data, statistics: !isLong };
    });
    await writer.write({ columnData, rowGroupSize: group.length });
    group = [];
    characters = 0;
  };
  for await (const rows of read()) {
    for (const texts of rows) {
      group.push(texts);
      for (const text of texts) characters += text?.length ?? 0;
      if (group.length >= groupRows || characters >= GROUP_CHARACTERS) await writeGroup();
    }
  }
  if (group.length > 0) await writeGroup();
  await writer.finish();
}

/** Keeps in memory no more than a row group. */
class FileWriter extends ByteWriter {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    super();
    this.#file = file;
  }

  async flush(): Promise<void> {
    await this.#file.appendFile(this.getBytes());
    this.index = 0;
  }

  override async finish(): Promise<void> {
    await this.flush();
  }
}
