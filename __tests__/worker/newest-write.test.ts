import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { NewestWrite } from "../../worker/newest-write.ts";

/** A write that the test ends. */
function writing(ready?: () => Promise<void> | undefined) {
  const begun: string[] = [];
  let ending = Promise.withResolvers<void>();
  const newest = new NewestWrite<string>((value) => {
    begun.push(value);
    ending = Promise.withResolvers();
    return ending.promise;
  }, ready);
  return { newest, begun, end: () => ending.resolve(), fail: () => ending.reject(new Error("no")) };
}

describe("values that are written one at a time", () => {
  it("are written at once where nothing is being written", () => {
    const { newest, begun } = writing();
    void newest.put("a");
    expect(begun).toEqual(["a"]);
  });

  it("take the place of those that wait, whose writers hear of the newest", async () => {
    const { newest, begun, end } = writing();
    const heard: string[] = [];
    const put = (value: string) => newest.put(value).then(() => heard.push(value));
    const all = Promise.all([put("a"), put("b"), put("c")]);
    expect(begun).toEqual(["a"]);
    end();
    await turn();
    expect({ begun, heard }).toEqual({ begun: ["a", "c"], heard: ["a"] });
    end();
    await all;
    expect(heard).toEqual(["a", "b", "c"]);
    void newest.put("d");
    expect(begun).toEqual(["a", "c", "d"]);
  });

  it("go on after a write that failed, of which its own writers hear", async () => {
    const { newest, begun, end, fail } = writing();
    const first = newest.put("a");
    const second = newest.put("b");
    fail();
    await expect(first).rejects.toThrow("no");
    await turn();
    expect(begun).toEqual(["a", "b"]);
    end();
    await expect(second).resolves.toBeUndefined();
    await newest.idle();
  });

  it("wait until it is time, and are the newest of then", async () => {
    const time = Promise.withResolvers<void>();
    const { newest, begun, end } = writing(() => time.promise);
    void newest.put("a");
    void newest.put("b");
    expect(begun).toEqual([]);
    time.resolve();
    await turn();
    expect(begun).toEqual(["b"]);
    end();
    await newest.idle();
  });

  it("can be taken out while they wait", async () => {
    const { newest, begun, end } = writing();
    const first = newest.put("a");
    void newest.put("b");
    expect(newest.take()).toBe("b");
    end();
    await first;
    await newest.idle();
    expect(begun).toEqual(["a"]);
  });
});
