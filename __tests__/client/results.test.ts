import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { JobsClient } from "../../client/jobs-client.ts";
import { answeredJob, json, standInApi } from "./stand-in-api.ts";

const api = await standInApi();
const QUICK = { baseMs: 1, maxMs: 2 };
const jobs = new JobsClient({ url: api.url, token: "secret", retries: { ...QUICK, tries: 3 } });
const CONTENT = "0123456789".repeat(30_000);

describe("the result of a job", () => {
  const id = "etl_01JCQ8N6V4W2X9Y7Z5T3R1P0MK";
  const key = `results/etl/${id}/1/files/table.parquet`;
  const file = {
    bucket: "b",
    key,
    bytes: 5,
    contentType: "application/x-parquet",
    url: `${api.url}/s3/table?X-Amz-Signature=abc`,
  };

  /** Answers a job's reads with it, and what its links lead to with the statuses and texts by path. */
  function answerJob(rest: object, objects: Readonly<Record<string, readonly [number, string][]>> = {}): void {
    api.answer = ({ url }, response) => {
      const [pathname = ""] = url.split("?");
      if (pathname === `/jobs/${id}`) return json(response, 200, answeredJob(id, "SUCCEEDED", rest));
      const before = api.seen.filter((request) => request.url.startsWith(pathname)).length;
      const [status, body] = objects[pathname]?.[before - 1] ?? [404, ""];
      response.writeHead(status).end(body);
    };
  }

  it("is read with the job, where it is small", async () => {
    answerJob({ result: { rows: 3 } });
    expect(await jobs.result(id)).toEqual({ rows: 3 });
    expect(await text(await jobs.resultStream(id))).toBe('{"rows":3}');
  });

  it("is read through its link, where it is large, also after S3's own errors", async () => {
    const large = '{"rows": 30000000000000000000000}';
    answerJob(
      { resultUrl: `${api.url}/s3/result` },
      {
        "/s3/result": [
          [503, ""],
          [200, large],
          [200, large],
        ],
      },
    );
    expect(await text(await jobs.resultStream(id))).toBe(large);
    expect(await jobs.result(id)).toEqual({ rows: 3e22 });
    expect(api.seen.at(-1)!.headers).not.toHaveProperty("authorization");
  });

  it("has its files with it, each as a stream; what is none of the job's own is left out", async () => {
    const others = [{ ...file, key: "results/etl/etl_other/1/files/x" }, { ...file, url: undefined }, null, 7];
    answerJob({ result: { deep: [{ table: file }], others } }, { "/s3/table": [[200, "PAR1!"]] });
    const files = await jobs.files(id);
    expect(files).toEqual([
      { name: "table.parquet", bytes: 5, contentType: "application/x-parquet", url: file.url, stream: expect.any(Function) },
    ]);
    expect(await text(await files[0]!.stream())).toBe("PAR1!");
  });

  it("has those of a large result beside it", async () => {
    answerJob({ resultUrl: `${api.url}/s3/result`, resultFiles: [file, { ...file, key: `${key}2` }] });
    expect((await jobs.files(id)).map(({ name }) => name)).toEqual(["table.parquet", "table.parquet2"]);
  });

  it("is refused by links, without the signature in the message", async () => {
    const denied: [number, string] = [403, "<Error><Code>AccessDenied</Code></Error>"];
    answerJob({ result: file }, { "/s3/table": [denied, denied] });
    const [only] = await jobs.files(id);
    await expect(only!.stream()).rejects.toMatchObject({
      code: "DownloadFailed",
      status: 403,
      message: "GET /s3/table was answered with 403 by S3: AccessDenied",
    });
  });

  it("is read through a new link, where the first has expired", async () => {
    answerJob({ result: file }, { "/s3/old": [[403, "<Error><Code>AccessDenied</Code></Error>"]] });
    const { answer } = api;
    api.answer = (request, response, count) => {
      if (count === 1) json(response, 200, answeredJob(id, "SUCCEEDED", { result: { ...file, url: `${api.url}/s3/old` } }));
      else if (request.url.startsWith("/s3/table")) response.end("PAR1!");
      else return answer(request, response, count);
    };
    const [only] = await jobs.files(id);
    expect(await text(await only!.stream())).toBe("PAR1!");
    expect(api.seen.map(({ url }) => url.split("?")[0])).toEqual([`/jobs/${id}`, "/s3/old", `/jobs/${id}`, "/s3/table"]);
  });

  /** Sends a file as S3 does, from the byte that is asked for, and breaks off after so many bytes of each answer. */
  function sendInParts(...parts: readonly number[]): void {
    const content = Buffer.from(CONTENT);
    api.answer = ({ url, headers }, response) => {
      if (url.startsWith("/jobs/")) return json(response, 200, answeredJob(id, "SUCCEEDED", { result: file }));
      const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? "") ?? [];
      const rest = content.subarray(Number(from ?? 0));
      response.writeHead(from === undefined ? 200 : 206, { "content-length": rest.length });
      const part = parts[api.seen.filter((request) => request.url.startsWith("/s3/")).length - 1];
      if (part === undefined) return void response.end(rest);
      response.flushHeaders();
      if (part === 0) return void setImmediate(() => response.destroy());
      response.write(rest.subarray(0, part), () => response.destroy());
    };
  }
  const ranges = () => api.seen.flatMap(({ url, headers }) => (url.startsWith("/s3/") ? [headers.range] : []));

  it("is read on from where the connection broke, however often", async () => {
    sendInParts(100_000, 0, 0, 100_000, 0, 50_000);
    const [only] = await new JobsClient({ url: api.url, retries: { ...QUICK, tries: 6 } }).files(id);
    expect((await text(await only!.stream())) === CONTENT).toBe(true);
    expect(ranges()).toHaveLength(7);
    expect(ranges()).toContain("bytes=100000-");
  });

  it("ends where connections break without a byte as often as calls are tried", async () => {
    sendInParts(100_000, 0, 0, 0, 0, 0);
    const [only] = await jobs.files(id);
    await expect(only!.stream().then(text)).rejects.toMatchObject({
      code: "NetworkError",
      message: expect.stringMatching(/^GET \/s3\/table (broke off at byte 100000|got no answer): /),
    });
    expect(ranges()).toEqual([undefined, "bytes=100000-", "bytes=100000-"]);
  });

  it("ends with its signal, also when it is read late", async () => {
    sendInParts();
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const [only] = await jobs.files(id);
    const reader = (await only!.stream({ signal: controller.signal })).getReader();
    await reader.read();
    controller.abort(reason);
    await expect(
      (async () => {
        for (let read = await reader.read(); !read.done; read = await reader.read());
      })(),
    ).rejects.toBe(reason);
  });

  it("is sent no further once its stream is cancelled", async () => {
    const closed = Promise.withResolvers<void>();
    api.answer = ({ url }, response) => {
      if (url.startsWith("/jobs/")) return json(response, 200, answeredJob(id, "SUCCEEDED", { result: file }));
      response.once("close", () => closed.resolve());
      response.writeHead(200, { "content-length": 10 }).write("PAR1!");
    };
    const [only] = await jobs.files(id);
    for await (const chunk of await only!.stream()) {
      expect(chunk).toHaveLength(5);
      break;
    }
    await closed.promise;
    expect(ranges()).toEqual([undefined]);
  });

  it("has all digits of its numbers as text, wherever it is kept", async () => {
    const result = '{"id":123456789012345678901234567890,"rate":1.10,"small":1e-400,"text":"123456789012345678901234567890"}';
    api.answer = (_, response) =>
      void response.writeHead(200).end(`{"id":"${id}","type":"etl","status":"SUCCEEDED","result":${result}}`);
    expect(await text(await jobs.resultStream(id))).toBe(result);
  });

  it("is none of a job that did not succeed", async () => {
    const error = { code: "Timeout", message: "the attempt took 300 s" };
    api.answer = (_, response) => json(response, 200, answeredJob(id, "FAILED", { error }));
    const message = `job ${id} is FAILED (Timeout: the attempt took 300 s); only a job that SUCCEEDED has a result`;
    for (const call of [jobs.result, jobs.resultStream, jobs.files]) {
      await expect(call.call(jobs, id)).rejects.toMatchObject({ code: "JobNotSucceeded", message });
    }
  });
});
