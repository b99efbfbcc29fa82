import { describe, expect, it } from "vitest";
import { JobsClient } from "../../client/jobs-client.ts";
import { waitSecondsFor } from "../../client/waiting.ts";
import { answeredJob, json, standInApi } from "./stand-in-api.ts";

const api = await standInApi();
const jobs = new JobsClient({ url: api.url, retries: { baseMs: 1, maxMs: 2 } });
async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
const idIn = (url: string): string => url.slice("/jobs/".length, url.indexOf("?"));

describe("waiting for a job", () => {
  it("asks again until it has ended, however it ended", async () => {
    const statuses = ["QUEUED", "RUNNING", "RUNNING", "FAILED"];
    api.answer = (_, response, count) => json(response, 200, answeredJob("a_1", statuses[count - 1]));
    expect(await jobs.wait("a_1")).toEqual(answeredJob("a_1", "FAILED"));
    expect(api.seen.map(({ url }) => url)).toEqual(new Array(4).fill("/jobs/a_1?waitSeconds=25"));
  });

  it("follows an add", async () => {
    api.answer = ({ method }, response) =>
      method === "POST" ? json(response, 202, answeredJob("a_1")) : json(response, 200, answeredJob("a_1", "SUCCEEDED"));
    expect(await jobs.addAndWait("a", {})).toEqual(answeredJob("a_1", "SUCCEEDED"));
  });
});

describe("waiting for many jobs", () => {
  it.each([
    [1, 10, 25],
    [10, 10, 25],
    [11, 10, 22],
    [100, 10, 2],
    [500, 10, 1],
    [100_000, 10, 1],
    [3, 1, 8],
  ])("%d of them with %d requests asks each for %d s", (count, concurrency, seconds) => {
    expect(waitSecondsFor(count, concurrency)).toBe(seconds);
  });

  it("asks with few requests at a time, asks again for those that go on, and gives each once", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `a_${index}`);
    const asked = new Map<string, number>();
    let open = 0;
    let most = 0;
    api.answer = async ({ url }, response) => {
      const id = idIn(url);
      asked.set(id, (asked.get(id) ?? 0) + 1);
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 2));
      open -= 1;
      // Every fourth is still at work when it is asked for first.
      json(response, 200, answeredJob(id, Number(id.slice(2)) % 4 === 0 && asked.get(id) === 1 ? "RUNNING" : "SUCCEEDED"));
    };
    const ended: string[] = [];
    for await (const { id, status } of jobs.waitAll([...ids, "a_1"], { concurrency: 5 })) {
      expect(status).toBe("SUCCEEDED");
      ended.push(id);
    }
    expect(ended.sort()).toEqual([...ids].sort());
    expect(most).toBe(5);
    const askedAgain = [...asked].flatMap(([id, count]) => (count === 2 ? [id] : []));
    expect(askedAgain.sort()).toEqual(ids.filter((id) => Number(id.slice(2)) % 4 === 0).sort());
  });

  it("gives those first that end first", async () => {
    let endSlow = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      endSlow = resolve;
    });
    api.answer = async ({ url }, response) => {
      if (idIn(url) === "a_slow") await slow;
      json(response, 200, answeredJob(idIn(url), "SUCCEEDED"));
    };
    const ended: string[] = [];
    for await (const { id } of jobs.waitAll(["a_slow", "a_1", "a_2"], { concurrency: 2 })) {
      ended.push(id);
      if (id === "a_2") endSlow();
    }
    expect(ended).toEqual(["a_1", "a_2", "a_slow"]);
  });

  it("ends the requests under way when the loop is left", async () => {
    const closed = Promise.withResolvers<void>();
    api.answer = ({ url }, response) => {
      if (idIn(url) === "a_1") json(response, 200, answeredJob("a_1", "SUCCEEDED"));
      else response.once("close", () => closed.resolve());
    };
    for await (const { id } of jobs.waitAll(["a_1", "a_2"])) {
      expect(id).toBe("a_1");
      break;
    }
    await closed.promise;
  });

  it("ends with the first error", async () => {
    api.answer = ({ url }, response) => {
      if (idIn(url) === "a_2") json(response, 404, { code: "JobNotFound", detail: "there is no job a_2" });
    };
    await expect(all(jobs.waitAll(["a_1", "a_2"]))).rejects.toMatchObject({ code: "JobNotFound", status: 404 });
  });

  it("ends with its signal", async () => {
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    api.answer = () => controller.abort(reason);
    await expect(all(jobs.waitAll(["a_1", "a_2"], { signal: controller.signal }))).rejects.toBe(reason);
  });

  it.each([0, -1, 1.5, Number.NaN])("needs requests to wait with, and not %d", async (concurrency) => {
    await expect(all(jobs.waitAll(["a_1"], { concurrency }))).rejects.toMatchObject({
      code: "InvalidSetting",
      message: `concurrency is ${concurrency}; allowed: a whole number from 1`,
    });
  });

  it("of none is over at once", async () => {
    expect(await all(jobs.waitAll([]))).toEqual([]);
    expect(api.seen).toEqual([]);
  });
});
