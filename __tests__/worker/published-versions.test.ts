import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { StoredJob } from "../../domain/job.ts";
import { PublishedVersions } from "../../worker/published-versions.ts";
import { buildJob } from "../support/build-job.ts";

const job = buildJob();
const version = (number: number): StoredJob => ({ ...job, version: number });

beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("the versions that an attempt publishes", () => {
  it("are published once each, however often they are asked for", async () => {
    const publish = vi.fn(async (_: StoredJob) => {});
    const published = new PublishedVersions({ publish }, { giveUpMs: 60_000 });
    await Promise.all([published.ensure(version(2)), published.ensure(version(2)), published.ensure(version(3))]);
    await published.ensure(version(2));
    expect(publish.mock.calls.map(([job]) => job.version)).toEqual([2, 3]);
  });

  it("count as published only when SNS has taken them", async () => {
    const taken = Promise.withResolvers<void>();
    const published = new PublishedVersions({ publish: () => taken.promise }, { giveUpMs: 60_000 });
    const order: string[] = [];
    const waiting = published.ensure(version(2)).then(() => order.push("published"));
    await nextTurn();
    order.push("taken");
    taken.resolve();
    await waiting;
    expect(order).toEqual(["taken", "published"]);
  });

  it("are tried again while SNS is down", async () => {
    const publish = vi
      .fn(async () => {})
      .mockRejectedValueOnce(new Error("down"))
      .mockRejectedValueOnce(new Error("down"));
    await new PublishedVersions({ publish }, { giveUpMs: 60_000 }).ensure(version(2));
    expect(publish).toHaveBeenCalledTimes(3);
  });

  it("are published by the next to ask where they were given up", async () => {
    const publish = vi.fn(async () => {}).mockRejectedValueOnce(new Error("down"));
    const published = new PublishedVersions({ publish }, { giveUpMs: 60_000, pointless: () => true });
    await expect(published.ensure(version(2))).rejects.toThrow("down");
    await published.ensure(version(2));
    expect(publish).toHaveBeenCalledTimes(2);
  });
});
