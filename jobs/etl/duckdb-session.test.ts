import { existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type DuckDBSession, literal, withDuckDB } from "./duckdb-session.ts";

const never = new AbortController().signal;

describe("a DuckDB session", () => {
  it("reads and writes its own folder, which is gone afterwards", async () => {
    const folder = await withDuckDB(never, async ({ query, folder }) => {
      const file = path.join(folder, "a.parquet");
      await query(`COPY (SELECT 42 AS answer) TO ${literal(file)} (FORMAT parquet)`);
      expect(await query(`FROM ${literal(file)}`)).toEqual([{ answer: 42 }]);
      return folder;
    });
    expect(existsSync(folder)).toBe(false);
  });

  it.each([
    ["reads a file elsewhere", "FROM read_text('/etc/hostname')", "disabled by configuration"],
    ["writes a file elsewhere", `COPY (SELECT 1) TO ${literal(path.join(tmpdir(), "x.csv"))}`, "disabled by configuration"],
    ["reads from the network", "FROM read_csv('https://example.com/a.csv')", "disabled by configuration"],
    ["loads an extension", "LOAD httpfs", "disabled"],
    ["frees itself", "SET enable_external_access = true", "locked"],
  ])("fails a statement that %s", async (_case, sql, message) => {
    await expect(withDuckDB(never, ({ query }) => query(sql))).rejects.toThrow(message);
  });

  it("interrupts the statement that runs, throws the signal's reason, and removes its folder", async () => {
    const controller = new AbortController();
    let folder = "";
    const endless = withDuckDB(controller.signal, async (session: DuckDBSession) => {
      folder = session.folder;
      const running = session.query("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b");
      controller.abort(new Error("the job was cancelled"));
      return await running;
    });
    await expect(endless).rejects.toThrow("the job was cancelled");
    expect(existsSync(folder)).toBe(false);
  });

  it("removes its folder when the work fails", async () => {
    let folder = "";
    const failing = withDuckDB(never, async (session) => {
      folder = session.folder;
      writeFileSync(path.join(folder, "input.csv"), "a");
      throw new Error("no use");
    });
    await expect(failing).rejects.toThrow("no use");
    expect(existsSync(folder)).toBe(false);
  });
});
