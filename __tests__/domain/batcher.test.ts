import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BatchEntryError, Batcher, type EntryFailure, entryFailures } from "../../domain/batcher.ts";
import { runs } from "../support/property-runs.ts";

const throttled: EntryFailure = { code: "Throttled", message: "slow down", senderFault: false };
const refused: EntryFailure = { code: "Refused", message: "wrong handle", senderFault: true };

/** Records each batch, and answers with what `answer` says of its entries. */
function recorder(answer: (entry: string, batch: number) => EntryFailure | undefined = () => undefined) {
  const batches: string[][] = [];
  const send = async (entries: readonly string[]) => {
    batches.push([...entries]);
    const failures = entries.map((entry) => answer(entry, batches.length)).entries();
    return new Map([...failures].filter((failure): failure is [number, EntryFailure] => failure[1] !== undefined));
  };
  return { batches, send };
}

const letters = (count: number) => Array.from({ length: count }, (_, index) => String.fromCharCode(97 + index));

// Without luck, an entry is sent again at once.
beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("a batcher", () => {
  it("sends the entries of one turn in one call", async () => {
    const { batches, send } = recorder();
    const batcher = new Batcher({ send, maxEntries: 10 });
    await Promise.all([batcher.add("a"), Promise.resolve().then(() => batcher.add("b")), batcher.add("c")]);
    expect(batches).toEqual([["a", "c", "b"]]);
  });

  it("sends entries of later turns in calls of their own", async () => {
    const { batches, send } = recorder();
    const batcher = new Batcher({ send, maxEntries: 10 });
    await batcher.add("a");
    await batcher.add("b");
    expect(batches).toEqual([["a"], ["b"]]);
  });

  it("waits for company as long as it may linger", async () => {
    const { batches, send } = recorder();
    const batcher = new Batcher({ send, maxEntries: 10, lingerMs: 50 });
    const first = batcher.add("a");
    await new Promise((resolve) => setImmediate(resolve));
    expect(batches).toEqual([]);
    await Promise.all([first, batcher.add("b")]);
    expect(batches).toEqual([["a", "b"]]);
  });

  it("lingers no longer once a batch is full", async () => {
    const { batches, send } = recorder();
    const batcher = new Batcher({ send, maxEntries: 2, lingerMs: 3_600_000 });
    await Promise.all([batcher.add("a"), batcher.add("b")]);
    expect(batches).toEqual([["a", "b"]]);
  });

  it("splits by the number of entries", async () => {
    const { batches, send } = recorder();
    const batcher = new Batcher({ send, maxEntries: 10 });
    await Promise.all(letters(23).map((entry) => batcher.add(entry)));
    expect(batches.map((batch) => batch.length)).toEqual([10, 10, 3]);
    expect(batches.flat()).toEqual(letters(23));
  });

  it("splits by bytes, up to the last byte", async () => {
    const { batches, send } = recorder();
    const batcher = new Batcher({ send, maxEntries: 10, maxBytes: 6, bytesOf: (entry) => entry.length });
    await Promise.all(["aaa", "bbb", "c", "dddddd", "e"].map((entry) => batcher.add(entry)));
    expect(batches).toEqual([["aaa", "bbb"], ["c"], ["dddddd"], ["e"]]);
  });

  it("sends an entry past the bytes of a batch alone, for AWS to judge", async () => {
    const { batches, send } = recorder();
    const batcher = new Batcher({ send, maxEntries: 10, maxBytes: 2, bytesOf: (entry) => entry.length });
    await Promise.all(["a", "bbbb", "c"].map((entry) => batcher.add(entry)));
    expect(batches).toEqual([["a"], ["bbbb"], ["c"]]);
  });

  it("sends only the failed entries of a half-failed batch again", async () => {
    const { batches, send } = recorder((entry, batch) => (entry === "b" && batch === 1 ? throttled : undefined));
    const batcher = new Batcher({ send, maxEntries: 10 });
    await Promise.all(["a", "b", "c"].map((entry) => batcher.add(entry)));
    expect(batches).toEqual([["a", "b", "c"], ["b"]]);
  });

  it("settles the others of a half-failed batch at once", async () => {
    let failing = true;
    const { send } = recorder((entry) => (entry === "b" && failing ? throttled : undefined));
    const batcher = new Batcher({ send, maxEntries: 10, tries: 1_000_000 });
    const slow = batcher.add("b");
    await batcher.add("a");
    failing = false;
    await slow;
  });

  it("gives an entry up after its tries", async () => {
    const { batches, send } = recorder(() => throttled);
    const batcher = new Batcher({ send, maxEntries: 10, tries: 3 });
    await expect(batcher.add("a")).rejects.toEqual(new BatchEntryError(throttled));
    expect(batches).toEqual([["a"], ["a"], ["a"]]);
  });

  it("does not send an entry again whose fault is the sender's", async () => {
    const { batches, send } = recorder((entry) => (entry === "b" ? refused : undefined));
    const batcher = new Batcher({ send, maxEntries: 10 });
    const [a, b] = await Promise.allSettled([batcher.add("a"), batcher.add("b")]);
    expect(a.status).toBe("fulfilled");
    expect(b).toMatchObject({ reason: { name: "BatchEntryError", code: "Refused", message: "Refused: wrong handle" } });
    expect(batches).toEqual([["a", "b"]]);
  });

  it("rejects every entry of a call that fails as a whole, and goes on with the next", async () => {
    const failure = new Error("the network is down");
    let calls = 0;
    const send = async () => {
      calls += 1;
      if (calls === 1) throw failure;
      return new Map();
    };
    const batcher = new Batcher<string>({ send, maxEntries: 10 });
    const settled = await Promise.allSettled([batcher.add("a"), batcher.add("b")]);
    expect(settled).toEqual(Array(2).fill({ status: "rejected", reason: failure }));
    await expect(batcher.add("c")).resolves.toBeUndefined();
  });

  it("settles each entry exactly once, as AWS last answered it, whatever fails", async () => {
    const answers = fc.constantFrom("taken", "taken", "throttled", "refused", "down");
    const entry = fc.record({ turn: fc.nat({ max: 3 }), bytes: fc.integer({ min: 0, max: 8 }), answers: fc.array(answers) });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 30 }), fc.integer({ min: 1, max: 10 }), async (entries, maxEntries) => {
        const asked = new Map(entries.map((each) => [each, 0]));
        const lastAnswer = new Map<object, string>();
        const batcher = new Batcher<(typeof entries)[number]>({
          maxEntries,
          maxBytes: 12,
          bytesOf: ({ bytes }) => bytes,
          tries: 4,
          send: async (batch) => {
            expect(batch.length).toBeLessThanOrEqual(maxEntries);
            expect(batch.length === 1 || batch.reduce((sum, { bytes }) => sum + bytes, 0) <= 12).toBe(true);
            const given = batch.map((each) => {
              const time = asked.get(each) as number;
              asked.set(each, time + 1);
              return each.answers[time] ?? "taken";
            });
            const down = given.includes("down");
            for (const [index, each] of batch.entries()) lastAnswer.set(each, down ? "down" : (given[index] as string));
            if (down) throw new Error("down");
            const failures = { throttled, refused } as Readonly<Record<string, EntryFailure>>;
            return new Map(given.flatMap((answer, index) => (failures[answer] ? [[index, failures[answer]] as const] : [])));
          },
        });
        const settlements = new Map(entries.map((each) => [each, [] as string[]]));
        await Promise.all(
          entries.map(async (each) => {
            for (let turn = 0; turn < each.turn; turn += 1) await new Promise((resolve) => setImmediate(resolve));
            await batcher.add(each).then(
              () => settlements.get(each)?.push("taken"),
              (error: Error) => settlements.get(each)?.push(error instanceof BatchEntryError ? error.code : error.message),
            );
          }),
        );
        const ends: Readonly<Record<string, string>> = {
          taken: "taken",
          throttled: "Throttled",
          refused: "Refused",
          down: "down",
        };
        for (const [each, settled] of settlements) {
          expect(settled).toEqual([ends[lastAnswer.get(each) as string]]);
          expect(asked.get(each)).toBeLessThanOrEqual(4);
        }
      }),
      runs(200),
    );
  });
});

describe("the failed entries of an AWS answer", () => {
  it("are told by the place that their ID names", () => {
    const failed = [{ Id: "7", Code: "InternalError", Message: "try again", SenderFault: false }, { Id: "2" }];
    expect(entryFailures(failed)).toEqual(
      new Map([
        [7, { code: "InternalError", message: "try again", senderFault: false }],
        [2, { code: "Unknown", message: "no message", senderFault: false }],
      ]),
    );
  });

  it("are none where AWS leaves the list out", () => {
    expect(entryFailures(undefined).size).toBe(0);
  });
});
