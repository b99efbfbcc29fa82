import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { ScratchFiles } from "./scratch-files.ts";
import { Spool } from "./spool.ts";

const scratch = new ScratchFiles();
afterAll(async () => await scratch.close());

const fill = async (values: number) => {
  const spool = new Spool<readonly [number, string]>(scratch);
  for (let value = 0; value < values; value++) {
    spool.push([value, `line ${value}\n"🎉"\u2028`]);
    if (value % 1_000 === 0) await spool.settle();
  }
  return spool;
};

describe("a spool", () => {
  it.each([0, 1, 25_000, 200_000])("gives %d values as they were, as often as asked", async (values) => {
    const spool = await fill(values);
    expect(spool.length).toBe(values);
    for (let time = 0; time < 2; time++) {
      let next = 0;
      for await (const batch of spool.read()) {
        for (const [value, text] of batch) {
          if (value !== next || text !== `line ${value}\n"🎉"\u2028`) throw new Error(`${next} became ${value}: ${text}`);
          next += 1;
        }
      }
      expect(next).toBe(values);
    }
  });

  it("leaves no file that has a name", async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith("etl-")).length;
    await fill(200_000);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith("etl-")).length).toBe(before);
  });
});
