import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

export type Row = Readonly<Record<string, unknown>>;

/** An empty database that can reach one folder and nothing else. */
export interface DuckDBSession {
  /** A folder of its own, removed at the end. */
  readonly folder: string;
  /** Runs one statement. @throws the signal's reason once it is aborted. */
  query(sql: string): Promise<Row[]>;
}

/** A task's vCPUs are fewer; memory leaves half of the container to Node and the files. */
const RESOURCES = { threads: "2", memory_limit: "512MB" };
/** Nothing is downloaded or loaded: what DuckDB needs is compiled in. */
const NO_EXTENSIONS = {
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
};

/** An interrupt is lost on a statement that has not begun yet, so it is repeated. */
const INTERRUPT_MS = 20;

/** Opens an in-memory DuckDB for the time of `use`. An abort interrupts the statement that runs. */
export async function withDuckDB<Result>(signal: AbortSignal, use: (session: DuckDBSession) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), "etl-"));
  try {
    const instance = await DuckDBInstance.create(":memory:", { ...RESOURCES, ...NO_EXTENSIONS, temp_directory: folder });
    const connection = await instance.connect();
    let interrupting: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      connection.interrupt();
      interrupting = setInterval(() => connection.interrupt(), INTERRUPT_MS);
    };
    signal.addEventListener("abort", interrupt, { once: true });
    try {
      // In this order: each of them forbids to change what comes before.
      await connection.run(`SET allowed_directories = [${literal(folder)}]`);
      await connection.run("SET enable_external_access = false");
      await connection.run("SET lock_configuration = true");
      const query = async (sql: string): Promise<Row[]> => {
        signal.throwIfAborted();
        try {
          return (await connection.runAndReadAll(sql)).getRowObjectsJson();
        } catch (error) {
          signal.throwIfAborted();
          throw error;
        }
      };
      return await use({ folder, query });
    } finally {
      signal.removeEventListener("abort", interrupt);
      clearInterval(interrupting);
      connection.closeSync();
      instance.closeSync();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column's name as SQL writes it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
