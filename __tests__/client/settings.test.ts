import { describe, expect, it } from "vitest";
import { JobsClient } from "../../client/jobs-client.ts";
import { standInApi } from "./stand-in-api.ts";

const api = await standInApi();
const jobs = new JobsClient({ url: api.url });

describe("a wrong setting", () => {
  it.each([
    ["jobs.example.com", 'is "jobs.example.com"'],
    ["localhost:3000", 'is "localhost:3000"'],
    ["https://user:secret@jobs.example.com", "has a user, a query or a fragment"],
    ["https://jobs.example.com/?stage=prod", "has a user, a query or a fragment"],
  ])("is no address: %s", (url, what) => {
    expect(() => new JobsClient({ url })).toThrow(`url ${what}; give the API's address, starting with https://`);
  });

  it.each([
    [{ retries: { tries: 0 } }, "retries.tries is 0; allowed: 1 to 2147483647"],
    [{ retries: { tries: Number.NaN } }, "retries.tries is NaN"],
    [{ retries: { baseMs: -1 } }, "retries.baseMs is -1"],
    [{ retries: { maxMs: Number.POSITIVE_INFINITY } }, "retries.maxMs is Infinity"],
    [{ timeoutMs: 0 }, "timeoutMs is 0"],
  ])("is one with which calls would have no try, or no end: %j", (settings, message) => {
    expect(() => new JobsClient({ url: api.url, ...settings })).toThrow(message);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      "a header",
      () => jobs.add("a", {}, { idempotencyKey: "ключ" }),
      "the header idempotency-key has characters that no header may have",
    ],
    [
      "an input",
      () => jobs.add("a", { n: 1n }),
      "POST /jobs was not sent, as its body is no JSON: Do not know how to serialize a BigInt",
    ],
    ["a time", () => jobs.list({ createdAfter: new Date("soon") }).next(), "createdAfter is an invalid Date"],
    ["no ID", () => jobs.get(""), '"" is no ID of a job'],
    ["an ID that is another path", () => jobs.cancel(".."), '".." is no ID of a job'],
  ])("is %s that cannot be sent, and nothing is", async (_, call, message) => {
    await expect(call()).rejects.toMatchObject({ name: "JobsApiError", code: "InvalidSetting", message });
    expect(api.seen).toEqual([]);
  });
});
