import { afterEach, describe, expect, it, vi } from "vitest";
import { commandResult } from "../../worker/command-result.ts";

const files = { "a.txt": { bucket: "results", key: "a.txt", bytes: 1, contentType: "text/plain" } };
/** JSON of 300 kB: more than is parsed. */
const rows = `[${"{},".repeat(100_000)}{}]`;

async function jsonOf(output: string, stored: Parameters<typeof commandResult>[1] = {}): Promise<string> {
  return ((await commandResult(output, stored)) as { readonly json: string }).json;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the result of a command with a large output", () => {
  it("is its output, which is not parsed, because that would hold the worker's thread", async () => {
    const parse = vi.spyOn(JSON, "parse");
    expect(await jsonOf(`${rows}\n`)).toBe(rows);
    expect(Math.max(0, ...parse.mock.calls.map(([text]) => text.length))).toBeLessThan(100);
  });

  it.each([
    ["an object", `{ "rows": ${rows} }`, { rows: JSON.parse(rows), files }],
    ["an object with files of its own", `{"files":1,"rows":${rows}}`, { rows: JSON.parse(rows), files }],
    ["an array", rows, { value: JSON.parse(rows), files }],
    ["a text", JSON.stringify("{".repeat(100_000)), { value: "{".repeat(100_000), files }],
  ])("has the command's files beside it where it is %s", async (_, output, result) => {
    expect(JSON.parse(await jsonOf(output, files))).toEqual(result);
  });

  it.each([`${rows},`, `{"rows":${rows}`, `${rows}x`])("fails the job for good where it is no JSON: %#", async (output) => {
    expect(await commandResult(output, files)).toMatchObject({ code: "ResultNotSerializable", permanent: true });
  });
});
