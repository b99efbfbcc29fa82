import { describe, expect, it } from "vitest";
import * as z from "zod";
import { handlerInput } from "../../../worker/runners/handler-input.ts";

const jobType = { input: z.object({ pages: z.array(z.int().min(1)), title: z.string().default("Untitled") }) };

describe("the input of a handler", () => {
  it("is what the text says, with the schema's defaults", async () => {
    expect(await handlerInput(jobType, '{"pages": [1]}')).toEqual({ pages: [1], title: "Untitled" });
  });

  it("is what the schema's transforms make of it", async () => {
    const transforms = { input: z.object({ site: z.string().transform((text) => new URL(text)) }) };
    const { site } = await handlerInput(transforms, '{"site":"https://example.com/a"}');
    expect(site).toEqual(new URL("https://example.com/a"));
  });

  it.each<[string, { input: z.ZodType }, string, RegExp]>([
    ["it misses the schema, with every path", jobType, '{"pages":[1,0],"title":7}', /\/input\/pages\/1: .*; \/input\/title: /],
    ["a path has a slash in it", { input: z.record(z.string(), z.number()) }, '{"a/b~":"c"}', /\/input\/a~1b~0: /],
    ["the schema itself throws", { input: z.string().transform((text) => new URL(text).host) }, '"no URL"', /Invalid URL/],
    ["it is no JSON", jobType, "{", /JSON/],
  ])("fails the job for good where %s", async (_, type, text, message) => {
    await expect(handlerInput(type, text)).rejects.toMatchObject({
      name: "PermanentError",
      code: "InvalidInput",
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ["where the schema asks for a number", z.object({ id: z.number() })],
    ["where it asks for nothing", z.unknown()],
  ])("is refused for a number that JavaScript would change, with its place: %s", async (_, input) => {
    await expect(handlerInput({ input }, '{"id": 9007199254740993}')).rejects.toMatchObject({
      name: "PermanentError",
      code: "InvalidInput",
      message: expect.stringContaining("/input/id: must be a number that JavaScript keeps: 9007199254740993 would become"),
    });
  });

  it("may hold every number that JavaScript keeps, and digits in a text", async () => {
    const text = '{"a":[1.10,9007199254740992,1e300,-0],"id":"9007199254740993"}';
    expect(await handlerInput({ input: z.unknown() }, text)).toEqual({
      a: [1.1, 9007199254740992, 1e300, -0],
      id: "9007199254740993",
    });
  });
});
