import { afterEach, describe, expect, it, vi } from "vitest";
import { JobsApiError } from "../../client/jobs-api-error.ts";
import { JobsClient } from "../../client/jobs-client.ts";
import { JsonText } from "../../client/json-text.ts";
import { answeredJob, json, standInApi } from "./stand-in-api.ts";

const api = await standInApi();
const QUICK = { baseMs: 1, maxMs: 2 };
const jobs = new JobsClient({ url: `${api.url}/`, retries: QUICK, headers: { "x-trace": "t-1" } });
const ID = "canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK";
const keys = () => api.seen.map(({ headers }) => headers["idempotency-key"]);

/** No request of this test is answered, nor does one come late, in the next test. */
const neverAnswered = () =>
  vi
    .spyOn(globalThis, "fetch")
    .mockImplementation(
      async (_, { signal } = {}) =>
        await new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    );
afterEach(() => {
  vi.restoreAllMocks();
});

/** What a call throws, as far as callers rely on it. */
const thrown = async (call: Promise<unknown>): Promise<JobsApiError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(JobsApiError);
  return error as JobsApiError;
};

describe("adding a job", () => {
  it("sends what it is given, and answers with the job", async () => {
    api.answer = (_, response) => json(response, 202, answeredJob(ID));
    const options = { tags: { team: "docs" }, files: { data: "u" }, delaySeconds: 5, groupId: "g" };
    const added = await jobs.add("canary", { op: "echo", value: "ü" }, { ...options, idempotencyKey: "order-17" });
    expect(added).toEqual(answeredJob(ID));
    expect(api.seen).toMatchObject([
      {
        method: "POST",
        url: "/jobs",
        headers: { "content-type": "application/json", "idempotency-key": "order-17", "x-trace": "t-1" },
      },
    ]);
    expect(JSON.parse(api.seen[0]!.body)).toEqual({ type: "canary", input: { op: "echo", value: "ü" }, ...options });
  });

  it("sends its place in a trace as a header, with a job, a batch and a retry", async () => {
    api.answer = (_, response) => json(response, 202, answeredJob(ID));
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    await jobs.add("canary", { op: "echo" }, { traceparent });
    await jobs.addBatch("canary", [{ input: { op: "echo" } }], { traceparent });
    await jobs.retry(ID, { traceparent });
    await jobs.retry(ID);
    expect(api.seen.map(({ headers }) => headers.traceparent)).toEqual([traceparent, traceparent, traceparent, undefined]);
    expect(api.seen.some(({ body }) => body.includes("traceparent"))).toBe(false);
  });

  it.each([
    ["a Date", new Date("2026-12-24T18:00:00+01:00"), "2026-12-24T17:00:00.000Z"],
    ["a text", "2026-12-24T18:00:00+01:00", "2026-12-24T18:00:00+01:00"],
  ])("sends when it is due, given as %s", async (_, runAt, sent) => {
    api.answer = (_, response) => json(response, 202, answeredJob(ID));
    await jobs.add("canary", { op: "echo" }, { runAt });
    expect(JSON.parse(api.seen[0]!.body)).toEqual({ type: "canary", input: { op: "echo" }, runAt: sent });
  });

  it("sends an input that is text as it is, and reads answers as it is told", async () => {
    api.answer = (_, response) => json(response, 202, answeredJob(ID));
    const texts = new JobsClient({ url: api.url, parse: (text) => ({ text }) });
    const input = new JsonText('{"10": 1.10, "2": "$& \\"1-2-3-4\\""}');
    const added: unknown = await texts.add("canary", input, { tags: { mark: "1-2-3-4" } });
    expect(added).toEqual({ text: JSON.stringify(answeredJob(ID)) });
    expect(api.seen[0]!.body).toBe(`{"type":"canary","input":${input.text},"tags":{"mark":"1-2-3-4"}}`);
    expect(() => new JsonText("{")).toThrow("not JSON");
  });

  it("tries again under one key where the API is overloaded or gone, and under another for another job", async () => {
    api.answer = (_, response, count) => {
      if (count === 1) json(response, 429, { message: "Too Many Requests" });
      else if (count === 2) response.destroy();
      else if (count === 3) json(response, 503, { code: "Unavailable", detail: "busy" });
      else json(response, 202, answeredJob(ID));
    };
    expect(await jobs.add("canary", {})).toEqual(answeredJob(ID));
    expect(keys()).toEqual(new Array(4).fill(expect.stringMatching(/^[0-9a-f]{32}$/)));
    expect(new Set(keys()).size).toBe(1);
    await jobs.add("canary", {});
    expect(new Set(keys()).size).toBe(2);
  });

  it("waits as long as the server asks for", async () => {
    api.answer = (_, response, count) => {
      if (count === 1) json(response, 503, { code: "Unavailable", detail: "busy" }, { "retry-after": "1" });
      else json(response, 202, answeredJob(ID));
    };
    await jobs.add("canary", {});
    expect(api.seen[1]!.at - api.seen[0]!.at).toBeGreaterThanOrEqual(1_000);
  });

  it("leaves a server alone that asks for more than a minute", async () => {
    api.answer = (_, response) => json(response, 503, { message: "Service Unavailable" }, { "retry-after": "61" });
    expect(await thrown(jobs.add("canary", {}))).toMatchObject({ code: "GatewayError", status: 503, retryAfterSeconds: 61 });
    expect(api.seen).toHaveLength(1);
  });
});

describe("an input", () => {
  it("has the digits that JSON.rawJSON gives it", async () => {
    api.answer = (_, response) => json(response, 202, answeredJob(ID));
    const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
    await jobs.add("canary", { n: rawJSON("123456789012345678901234567890") });
    expect(api.seen[0]!.body).toBe('{"type":"canary","input":{"n":123456789012345678901234567890}}');
  });
});

describe("an error", () => {
  it("of the API has its code, status and errors, and is final", async () => {
    const errors = ["/input/a", "/input/b", "/input/c", "/input/d"].map((path) => ({ path, message: "must be a string" }));
    api.answer = (_, response) =>
      json(response, 422, { code: "InvalidInput", status: 422, detail: "the input is wrong", errors });
    const error = await thrown(jobs.add("canary", {}));
    expect(error).toMatchObject({ name: "JobsApiError", code: "InvalidInput", status: 422, errors });
    expect(error.message).toBe(
      "POST /jobs was answered with 422 InvalidInput: the input is wrong (/input/a must be a string; /input/b must be a string; " +
        "/input/c must be a string; and 1 more)",
    );
    expect(api.seen).toHaveLength(1);
  });

  it("of API Gateway has a code of its own", async () => {
    api.answer = (_, response) => json(response, 403, { message: "Forbidden" });
    const error = await thrown(jobs.get(ID));
    expect(error).toMatchObject({ code: "GatewayError", status: 403, errors: [] });
    expect(error.message).toBe(`GET /jobs/${ID} was answered with 403 by API Gateway: Forbidden`);
  });

  it.each([
    [502, "<html>Bad Gateway</html>", "was answered with 502, and not in JSON: <html>Bad Gateway</html>"],
    [200, "<html>Log in</html>", "was answered with 200, and not in JSON"],
    [500, "", "was answered with 500, and not in JSON: "],
  ])("of something else on the way (%d %s) says so", async (status, body, message) => {
    api.answer = (_, response) => void response.writeHead(status).end(body);
    const error = await thrown(jobs.get(ID));
    expect(error).toMatchObject({ code: "UnexpectedAnswer", status });
    expect(error.message).toBe(`GET /jobs/${ID} ${message}`);
  });

  it("of the network is told after the last try, with its cause", async () => {
    api.answer = (_, response) => void response.destroy();
    const error = await thrown(new JobsClient({ url: api.url, retries: { ...QUICK, tries: 3 } }).get(ID));
    expect(error).toMatchObject({ code: "NetworkError", status: undefined, cause: expect.any(Error) });
    expect(error.message).toMatch(`GET /jobs/${ID} got no answer: fetch failed (`);
    expect(api.seen).toHaveLength(3);
  });

  it("is an answer that does not come in time", async () => {
    const fetching = neverAnswered();
    const error = await thrown(new JobsClient({ url: api.url, retries: { ...QUICK, tries: 2 }, timeoutMs: 20 }).get(ID));
    expect(error).toMatchObject({ code: "NetworkError", cause: { name: "TimeoutError" } });
    expect(fetching).toHaveBeenCalledTimes(2);
  });

  it("is an address that leads to another, which would make a GET of a POST", async () => {
    api.answer = (_, response) => void response.writeHead(301, { location: `${api.url}/v2/jobs` }).end();
    const error = await thrown(jobs.add("canary", {}));
    expect(error).toMatchObject({ code: "UnexpectedAnswer", status: 301 });
    expect(error.message).toBe(`POST /jobs is redirected to ${api.url}/v2/jobs; give the API's own address as url`);
    expect(api.seen).toHaveLength(1);
  });
});

describe("a signal", () => {
  const reason = new Error("no longer wanted");

  it("ends a call before it begins", async () => {
    await expect(jobs.get(ID, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(api.seen).toEqual([]);
  });

  it("ends a request under way", async () => {
    const controller = new AbortController();
    api.answer = () => controller.abort(reason);
    await expect(jobs.wait(ID, { signal: controller.signal })).rejects.toBe(reason);
    expect(api.seen).toHaveLength(1);
  });

  it("ends the pause before another try", async () => {
    const controller = new AbortController();
    api.answer = (_, response) => {
      json(response, 503, { message: "Service Unavailable" }, { "retry-after": "60" });
      response.once("close", () => setTimeout(() => controller.abort(reason), 50));
    };
    const began = performance.now();
    await expect(jobs.cancel(ID, { signal: controller.signal })).rejects.toBe(reason);
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(api.seen).toHaveLength(1);
  });

  it("may end a wait by time", async () => {
    neverAnswered();
    await expect(jobs.wait(ID, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: "TimeoutError" });
  });
});

describe("every call", () => {
  const ended = answeredJob(ID, "SUCCEEDED", { result: 1 });
  it.each<[string, () => Promise<unknown>, object]>([
    ["add", () => jobs.add("canary", {}), ended],
    ["addAndWait", () => jobs.addAndWait("canary", {}), ended],
    ["get", () => jobs.get(ID), ended],
    ["wait", () => jobs.wait(ID), ended],
    ["waitAll", () => jobs.waitAll([ID]).next(), ended],
    ["list", () => jobs.list().next(), { items: [ended] }],
    ["cancel", () => jobs.cancel(ID), ended],
    ["retry", () => jobs.retry(ID), ended],
    ["jobTypes", () => jobs.jobTypes(), { items: [] }],
    ["openApi", () => jobs.openApi(), { openapi: "3.1.0", paths: {} }],
    ["result", () => jobs.result(ID), ended],
    ["resultStream", () => jobs.resultStream(ID), ended],
    ["files", () => jobs.files(ID), ended],
  ])("is tried again as it was after a 429, a 503 and no answer: %s", async (_, call, body) => {
    const tried: string[] = [];
    api.answer = ({ method, url, headers, body: sent }, response) => {
      tried.push(JSON.stringify([method, url, headers["idempotency-key"], sent]));
      const tries = tried.filter((one) => one === tried.at(-1)).length;
      if (tries === 1) json(response, 429, { message: "Too Many Requests" });
      else if (tries === 2) response.destroy();
      else if (tries === 3) json(response, 503, { message: "Service Unavailable" });
      else json(response, 200, body);
    };
    await call();
    expect(tried.length).toBe(4 * new Set(tried).size);
  });
});

describe("the other calls", () => {
  it("have a wait that takes longer than their own time", async () => {
    api.answer = (_, response) => void setTimeout(() => json(response, 200, answeredJob(ID, "SUCCEEDED")), 300);
    expect(await new JobsClient({ url: api.url, timeoutMs: 20 }).wait(ID)).toMatchObject({ id: ID });
    expect(api.seen).toHaveLength(1);
  });

  it.each([
    ["get", "GET", ""],
    ["cancel", "POST", "/cancel"],
    ["retry", "POST", "/retry"],
  ] as const)("%s is %s /jobs/{id}%s, of a job or its ID", async (name, method, path) => {
    api.answer = (_, response) => json(response, 200, answeredJob(ID));
    await jobs[name](ID);
    await jobs[name]({ ...(await jobs.get(ID)), id: "a/../b" });
    expect(api.seen.map((request) => `${request.method} ${request.url}`)).toEqual([
      `${method} /jobs/${ID}${path}`,
      `GET /jobs/${ID}`,
      `${method} /jobs/a%2F..%2Fb${path}`,
    ]);
  });

  it("lists page after page, also past an empty one, as the loop gets to them", async () => {
    const pages = [
      { items: [answeredJob("a_1"), answeredJob("a_2")], cursor: "c1" },
      { items: [], cursor: "c2" },
      { items: [answeredJob("a_3")] },
    ];
    api.answer = (_, response, count) => json(response, 200, pages[count - 1]);
    const listed: string[] = [];
    const filters = {
      type: "canary",
      status: ["FAILED", "CANCELLED"],
      tags: { team: "docs & co", "a:b": "(1)" },
      createdAfter: new Date("2026-11-02T09:00:00Z"),
      createdBefore: "2026-11-03T09:00:00+01:00",
      pageSize: 2,
    } as const;
    for await (const { id } of jobs.list(filters)) {
      listed.push(id);
      expect(api.seen).toHaveLength(id === "a_3" ? 3 : 1);
    }
    expect(listed).toEqual(["a_1", "a_2", "a_3"]);
    const query =
      "type=canary&status=FAILED&status=CANCELLED&tag=team%3Adocs%20%26%20co&tag=a%3Ab%3A%281%29" +
      "&createdAfter=2026-11-02T09%3A00%3A00.000Z&createdBefore=2026-11-03T09%3A00%3A00%2B01%3A00&limit=2";
    expect(api.seen.map(({ url }) => url)).toEqual(["", "&cursor=c1", "&cursor=c2"].map((cursor) => `/jobs?${query}${cursor}`));
  });

  it("lists no further than the loop goes", async () => {
    api.answer = (_, response) => json(response, 200, { items: [answeredJob("a_1")], cursor: "more" });
    for await (const { id } of jobs.list()) {
      expect(id).toBe("a_1");
      break;
    }
    expect(api.seen.map(({ url }) => url)).toEqual(["/jobs?limit=100"]);
  });
});
