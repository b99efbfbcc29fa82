import { afterEach, describe, expect, it, vi } from "vitest";
import { commandResult } from "../../../../worker/runners/commands/result.ts";

const files = { "a.txt": { bucket: "results", key: "a.txt", bytes: 1, contentType: "text/plain" } };
/** JSON of 300 kB: more than is parsed. */
const rows = `[${"{},".repeat(100_000)}{}]`;

async function jsonOf(output: string, stored: Parameters<typeof commandResult>[1] = {}): Promise<string> {
  return ((await commandResult(output, stored)) as { readonly json: string }).json;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the result of a command", () => {
  it.each([
    ["integers past all doubles", '{"tweet_id": 1970670598291982290}'],
    ["numbers of any size and spelling", "[1.10,1e400,-0,0.12345678901234567890123]"],
    ["names that JavaScript sorts, also twice", '{"b":1,"10":2,"a":3,"2":4,"b":5}'],
    ["blanks and escapes", '{ "a" :\t"\\u00e9\\/" }'],
    ["megabytes of it", `{"rows":${rows},"tweet_id":1970670598291982290}`],
    ["deep nesting", "[".repeat(100_000) + "]".repeat(100_000)],
  ])("is its output as it was written: %s", async (_, output) => {
    expect(await jsonOf(output)).toBe(output);
    expect(await jsonOf(`\n ${output}\r\n\t`)).toBe(output);
  });

  it("is none where it wrote nothing", async () => {
    expect(await commandResult(" \n", {})).toEqual({ kind: "returned", json: undefined });
    expect(JSON.parse(await jsonOf(" \n", files))).toEqual({ files });
  });

  it.each(["\ufeff{}", "{}\u00a0", "{} {}", "nul", "{'a':1}", `${rows},`, `{"rows":${rows}`, `${rows}x`])(
    "fails the job for good where it is no JSON: %#",
    async (output) => {
      expect(await commandResult(output, files)).toMatchObject({ code: "ResultNotSerializable", permanent: true });
    },
  );

  it("is not parsed, which for a large one would hold the worker's thread", async () => {
    const parse = vi.spyOn(JSON, "parse");
    expect(await jsonOf(`${rows}\n`)).toBe(rows);
    expect(parse).not.toHaveBeenCalled();
  });
});

describe("the files of a command", () => {
  const references = JSON.stringify(files);

  it.each([
    ["an object", '{ "tweet_id": 1970670598291982290 }', `{ "tweet_id": 1970670598291982290 ,"files":${references}}`],
    ["an empty object", "{ }", `{ "files":${references}}`],
    ["a large object", `{"rows":${rows}}`, `{"rows":${rows},"files":${references}}`],
  ])("stand in its result where that is %s", async (_, output, result) => {
    expect(await jsonOf(output, files)).toBe(result);
    expect(JSON.parse(result)).toHaveProperty("files", files);
  });

  it.each([
    ["an object with files of its own", '{"files":[1],"rows":2}'],
    ["such an object, by another spelling", '{"\\u0066iles":[1]}'],
    ["a large one", `{"rows":${rows},"files":null}`],
    ["an array", rows],
    ["a number", "1970670598291982290"],
    ["a text", '"{}"'],
    ["null", "null"],
  ])("stand beside its result where that is %s", async (_, output) => {
    expect(await jsonOf(output, files)).toBe(`{"value":${output},"files":${references}}`);
  });

  it("stand in its result though something in it is called files", async () => {
    expect(await jsonOf('{"a":{"files":1}}', files)).toBe(`{"a":{"files":1},"files":${references}}`);
  });
});
