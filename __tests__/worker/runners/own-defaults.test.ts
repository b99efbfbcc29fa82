import { describe, expect, it } from "vitest";
import * as z from "zod";
import { parseInput } from "../../../worker/runners/handler-input.ts";

interface Deep {
  list: string[];
}

const plain = (): Deep => ({ list: ["a"] });
const Options = z.object({ list: z.array(z.string()) });
const Node: z.ZodType = z.lazy(() =>
  z.object({ next: Node.optional(), options: z.object({ deep: Options }).default({ deep: plain() }) }),
);

describe("the defaults of a job type's schema", () => {
  it.each<[string, z.ZodType, unknown, (input: never) => Deep]>([
    [
      "a default",
      z.object({ o: z.object({ deep: Options }).default({ deep: plain() }) }),
      {},
      ({ o }: { o: { deep: Deep } }) => o.deep,
    ],
    ["a prefault", z.object({ o: z.any().prefault({ deep: plain() }) }), {}, ({ o }: { o: { deep: Deep } }) => o.deep],
    ["what is caught", z.object({ o: Options.catch(plain()) }), { o: 1 }, ({ o }: { o: Deep }) => o],
    [
      "one in a list",
      z.array(z.object({ o: z.array(Options).default([plain()]) })),
      [{}],
      ([first]: [{ o: [Deep] }]) => first.o[0],
    ],
    [
      "one of a union",
      z.union([z.number(), z.object({ o: z.array(Options).default([plain()]) })]),
      {},
      ({ o }: { o: [Deep] }) => o[0],
    ],
    [
      "one of a record",
      z.record(z.string(), z.object({ o: z.array(Options).default([plain()]) })),
      { k: {} },
      ({ k }: { k: { o: [Deep] } }) => k.o[0],
    ],
    [
      "one behind a transform",
      z.object({ o: z.array(Options).default([plain()]) }).transform((input) => input.o),
      {},
      (o: [Deep]) => o[0],
    ],
    [
      "one of itself",
      Node,
      { next: { next: {} } },
      (input: { next: { next: { options: { deep: Deep } } } }) => input.next.next.options.deep,
    ],
  ])("are each job's own: %s", async (_, input, sent, deep) => {
    const parse = async () => deep((await parseInput({ input }, JSON.stringify(sent))) as never);
    (await parse()).list.push("what a job left");
    expect(await parse()).toEqual(plain());
  });

  it("keep what is more than data", async () => {
    const day = new Date(0);
    const input = z.object({ day: z.date().default(day), tags: z.map(z.string(), z.string()).default(new Map([["a", "b"]])) });
    expect(await parseInput({ input }, "{}")).toEqual({ day, tags: new Map([["a", "b"]]) });
  });

  it("may be made anew by a function", async () => {
    let made = 0;
    const input = z.object({ n: z.number().default(() => (made += 1)) });
    expect([await parseInput({ input }, "{}"), await parseInput({ input }, "{}")]).toEqual([{ n: 1 }, { n: 2 }]);
  });
});
