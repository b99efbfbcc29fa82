import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { readPageFiles } from "../../../cli/console/page-files.ts";
import { buildConsole } from "../../../scripts/build-console.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Of all scripts of the page together, with gzip. */
const MAX_SCRIPT_BYTES = 150_000;

let folder: string;
beforeAll(async () => {
  folder = path.join(await temporaryFolder("page"), "console");
  await buildConsole(folder);
});

describe("the console's page, as it is built", () => {
  it("has a script of at most 150 KB, compressed", async () => {
    const files = await readPageFiles(folder);
    const scripts = [...files]
      .filter(([name]) => name.endsWith(".js"))
      .map(([, { body }]) => gzipSync(body, { level: 9 }).length);
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  });

  it("names nothing outside of itself, and has no script or style in its document", async () => {
    const html = await readFile(path.join(folder, "index.html"), "utf8");
    expect(html).not.toMatch(/https?:|<style|<script(?![^>]*\ssrc=")| on\w+=| style=/);
    for (const [name, { body }] of await readPageFiles(folder)) {
      expect([name, body.toString().match(/(?:src|href|url\(|import\()["'(]?https?:[^"']*/g)]).toEqual([name, null]);
    }
  });

  it("makes no markup of text: nothing in its sources writes HTML", async () => {
    const sources = (await readdir("cli/console/page", { recursive: true })).filter((name) => /[.]tsx?$/.test(name));
    expect(sources.length).toBeGreaterThan(30);
    for (const name of sources) {
      const text = await readFile(path.join("cli/console/page", name), "utf8");
      expect([
        name,
        text.match(/dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document[.]write|\beval\(|new Function/),
      ]).toEqual([name, null]);
    }
  });
});
