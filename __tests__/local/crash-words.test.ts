import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { crashWords } from "../../local/crash-words.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const info = '{"level":"INFO","message":"worker starts"}';

it.each([
  [
    [info, "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'x'", "    at resolve", "Node.js v24"],
    /^Error \[ERR_MODULE_NOT_FOUND\]: Cannot/,
  ],
  [[info, '{"level":"ERROR","message":"the worker could not start","detail":"no\\nline"}'], /^the worker could not start: no$/],
  [['{"level":"ERROR","message":"once"}', info, '{"level":"CRITICAL","message":"last"}', "{cut off"], /^last$/],
  [[`TypeError: ${"x".repeat(100_000)}`, info], undefined],
  [[`RangeError: ${"x".repeat(1_000)}`], /^RangeError: x+…$/],
  [[info], undefined],
  [[""], undefined],
])("a log's last error is what a worker ended with: %j", async (lines, words) => {
  const log = path.join(await temporaryFolder("crash"), "a.log");
  await writeFile(log, `${lines.join("\n")}\n`);
  if (words === undefined) expect(crashWords(log).error).toBeUndefined();
  else expect(crashWords(log).error).toMatch(words);
});

it("a log that is not there says nothing", () => {
  expect(crashWords("no-such.log")).toEqual({ error: undefined, log: "no-such.log" });
});
