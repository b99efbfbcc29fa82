import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { CAUSES } from "../../handlers/jobs/why/causes.ts";

it("operators find every cause that why names, with its meaning, the facts and what mends it", async () => {
  const guide = await readFile("docs/operations.md", "utf8");
  const [, table = ""] = /<!-- causes:begin -->\n(.*)<!-- causes:end -->/s.exec(guide) ?? [];
  const rows = [...table.matchAll(/^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$/gm)];
  expect(rows.map(([, code, meaning]) => [code, meaning])).toEqual(Object.entries(CAUSES));
});
