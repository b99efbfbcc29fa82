import { createReadStream, openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { JobsApiError } from "../../client/jobs-api-error.ts";
import { JobsClient, type UploadOptions } from "../../client/jobs-client.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { json, type SeenRequest, standInApi } from "./stand-in-api.ts";

const api = await standInApi();
const jobs = new JobsClient({ url: api.url, token: "secret", retries: { baseMs: 1, maxMs: 2, tries: 3 } });
const UPLOAD = "01JCQ8N6V4W2X9Y7Z5T3R1P0MK";
const CONTENT = "0123456789".repeat(30_000);

const puts = (): SeenRequest[] => api.seen.filter(({ method }) => method === "PUT");

/** Answers `POST /uploads` with a link below an address. */
function answerUpload(response: ServerResponse, body: string, address: string): void {
  const { bytes, contentType = "application/octet-stream" } = JSON.parse(body) as { bytes: number; contentType?: string };
  const headers = { "content-length": String(bytes), "content-type": contentType, "if-none-match": "*" };
  const url = `${address}/bucket/uploads/data?X-Amz-Signature=abc`;
  json(response, 201, { upload: UPLOAD, url, headers, expiresAt: "2026-11-02T10:00:00.000Z" });
}

/** Answers `POST /uploads` with a link to here, and each `PUT` with the next status; -1 stores it and breaks the connection. */
function takeUploads(...statuses: readonly number[]): void {
  api.answer = ({ method, body }, response) => {
    if (method === "POST") return answerUpload(response, body, api.url);
    const status = statuses[puts().length - 1] ?? 200;
    if (status === -1) return void response.destroy();
    const error = status === 200 ? "" : "<Error><Code>NotToday</Code><Message>no</Message></Error>";
    response.writeHead(status).end(error);
  };
}

async function fileOf(content: string): Promise<string> {
  const file = path.join(await temporaryFolder("upload"), "data.csv");
  await writeFile(file, content);
  return file;
}

describe("an upload", () => {
  it("asks for a link, and sends the file to it with the headers that are signed and no others", async () => {
    takeUploads();
    const content = new Blob([CONTENT], { type: "text/csv" });
    expect(await jobs.upload("etl", "data", content)).toBe(UPLOAD);
    const [asked, put] = api.seen;
    expect(JSON.parse(asked!.body)).toEqual({ type: "etl", name: "data", bytes: 300_000, contentType: "text/csv" });
    expect(asked!.headers.authorization).toBe("Bearer secret");
    expect(put).toMatchObject({ method: "PUT", url: "/bucket/uploads/data?X-Amz-Signature=abc" });
    expect(put!.headers).toMatchObject({ "content-length": "300000", "content-type": "text/csv", "if-none-match": "*" });
    expect(put!.headers).not.toHaveProperty("authorization");
    expect(put!.body === CONTENT).toBe(true);
  });

  it.each<[string, () => Promise<Parameters<JobsClient["upload"]>[2]>, UploadOptions]>([
    ["a Blob of a file", async () => await openAsBlob(await fileOf(CONTENT)), {}],
    ["bytes", async () => Buffer.from(CONTENT), {}],
    ["text", async () => CONTENT, {}],
    ["a stream of Node's", async () => createReadStream(await fileOf(CONTENT)), { bytes: CONTENT.length }],
    ["a web stream", async () => new Blob([CONTENT]).stream(), { bytes: CONTENT.length }],
  ])("takes %s, tells how far it is, and sends no more than is there", async (_, open, options) => {
    takeUploads();
    const progress: number[] = [];
    await jobs.upload("etl", "data", await open(), {
      ...options,
      contentType: "text/plain",
      onProgress: ({ sentBytes, totalBytes }) => {
        expect(totalBytes).toBe(CONTENT.length);
        progress.push(sentBytes);
      },
    });
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.at(-1)).toBe(CONTENT.length);
    expect(puts()[0]!.headers).toMatchObject({ "content-length": String(CONTENT.length), "content-type": "text/plain" });
    expect(puts()[0]!.headers).not.toHaveProperty("transfer-encoding");
    expect(puts()[0]!.body === CONTENT).toBe(true);
  });

  it("sends a file without bytes", async () => {
    takeUploads();
    await jobs.upload("etl", "data", "");
    expect(puts()).toMatchObject([{ body: "", headers: { "content-length": "0" } }]);
  });

  it("tries again after S3's own errors and broken connections", async () => {
    takeUploads(503, -1, 200);
    await jobs.upload("etl", "data", CONTENT, { onProgress: () => undefined });
    expect(puts().map(({ body }) => body === CONTENT)).toEqual([true, true, true]);
  });

  it("is done where an earlier try stored the file, and only its answer was lost", async () => {
    takeUploads(-1, 412);
    expect(await jobs.upload("etl", "data", CONTENT)).toBe(UPLOAD);
  });

  it.each([
    [412, 1],
    [403, 1],
    [500, 3],
  ])("that S3 answers with %d fails after %d tries, without the signature in the message", async (status, tries) => {
    takeUploads(status, status, status);
    await expect(jobs.upload("etl", "data", CONTENT)).rejects.toMatchObject({
      code: "UploadFailed",
      status,
      message: `PUT /bucket/uploads/data was answered with ${status} by S3: NotToday`,
    });
    expect(puts()).toHaveLength(tries);
  });

  it("of a stream is tried once", async () => {
    takeUploads(503, 200);
    const stream = new Blob([CONTENT]).stream();
    await expect(jobs.upload("etl", "data", stream, { bytes: CONTENT.length })).rejects.toMatchObject({ status: 503 });
    expect(puts()).toHaveLength(1);
  });

  it.each<[string, Parameters<JobsClient["upload"]>[2], UploadOptions, string]>([
    [
      "a stream without its size",
      new Blob(["x"]).stream(),
      {},
      "bytes is missing; of a stream it must be given, as S3 asks for it first",
    ],
    ["a size that is another", "four", { bytes: 5 }, "bytes is 5, but the content has 4"],
  ])("refuses %s before anything is sent", async (_, content, options, message) => {
    await expect(jobs.upload("etl", "data", content, options)).rejects.toMatchObject({ code: "InvalidSetting", message });
    expect(api.seen).toEqual([]);
  });

  /** A stream of some bytes that then ends, or breaks with an error. */
  async function* bytes(count: number, error?: Error): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(count);
    if (error !== undefined) throw error;
  }

  const broken = new Error("the disk is gone");
  it.each<[string, AsyncIterable<Uint8Array>, object]>([
    [
      "breaks",
      bytes(3, broken),
      { code: "UploadFailed", message: "the content to upload could not be read: the disk is gone", cause: broken },
    ],
    ["is shorter than was said", bytes(3), { code: "InvalidSetting", message: "bytes is 4, but the stream has 3" }],
    ["is longer than was said", bytes(5), { code: "InvalidSetting", message: "bytes is 4, but the stream has more" }],
  ])("of a stream that %s fails at once, and says so", async (_, content, error) => {
    takeUploads();
    await expect(jobs.upload("etl", "data", content, { bytes: 4 })).rejects.toMatchObject(error);
  });

  it("keeps no file in memory, but what it sends at a time", async () => {
    const discards = createServer((request, response) => void request.resume().once("end", () => response.end()));
    await new Promise<void>((resolve) => discards.listen(0, "127.0.0.1", resolve));
    const { port } = discards.address() as AddressInfo;
    api.answer = ({ body }, response) => answerUpload(response, body, `http://127.0.0.1:${port}`);
    const [chunks, mebibyte] = [96, 1_048_576];
    async function* content(): AsyncGenerator<Uint8Array> {
      for (let chunk = 0; chunk < chunks; chunk += 1) yield new Uint8Array(mebibyte);
    }
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    // A thread of V8's frees the buffers after a collection; the next one waits for it.
    const collect = (): void => {
      gc();
      gc();
    };
    collect();
    const before = process.memoryUsage().arrayBuffers;
    const kept: number[] = [];
    await jobs.upload("etl", "data", content(), {
      bytes: chunks * mebibyte,
      onProgress: ({ sentBytes }) => {
        if (sentBytes % (16 * mebibyte) !== 0) return;
        collect();
        kept.push(process.memoryUsage().arrayBuffers - before);
      },
    });
    discards.closeAllConnections();
    discards.close();
    expect(kept).toHaveLength(6);
    expect(Math.max(...kept)).toBeLessThan((chunks / 3) * mebibyte);
  });

  it("fails at once where the caller's own onProgress does", async () => {
    takeUploads();
    const cause = new Error("no such element");
    const onProgress = vi.fn(() => {
      throw cause;
    });
    await expect(jobs.upload("etl", "data", CONTENT, { onProgress })).rejects.toMatchObject({
      code: "UploadFailed",
      message: "onProgress threw: no such element",
      cause,
    });
    expect(onProgress).toHaveBeenCalledTimes(1);
  });

  it("of a file that changed after it was opened fails", async () => {
    takeUploads();
    const file = await fileOf(CONTENT);
    const content = await openAsBlob(file);
    await writeFile(file, "other");
    await expect(jobs.upload("etl", "data", content)).rejects.toBeInstanceOf(JobsApiError);
  });

  it("ends with its signal", async () => {
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    takeUploads();
    const onProgress = () => controller.abort(reason);
    await expect(jobs.upload("etl", "data", CONTENT, { onProgress, signal: controller.signal })).rejects.toBe(reason);
  });
});

describe("an upload in a browser", () => {
  /** As far as the client uses it, with what a browser does: it sets the length itself, and tells how far it is. */
  class BrowserRequest {
    readonly upload: { onprogress: ((event: { loaded: number }) => void) | null } = { onprogress: null };
    status = 0;
    responseText = "";
    onload: (() => void) | null = null;
    onerror: (() => void) | null = null;
    onabort: (() => void) | null = null;
    readonly #controller = new AbortController();
    readonly #headers = new Headers();
    #url = "";
    open(_method: string, url: string): void {
      this.#url = url;
    }
    setRequestHeader(name: string, value: string): void {
      if (name.toLowerCase() === "content-length") throw new Error(`refused to set unsafe header "${name}"`);
      this.#headers.set(name, value);
    }
    send(body: Blob): void {
      expect(body.type).toBe("");
      this.upload.onprogress?.({ loaded: body.size });
      fetch(this.#url, { method: "PUT", headers: this.#headers, body, signal: this.#controller.signal }).then(
        async (response) => {
          this.status = response.status;
          this.responseText = await response.text();
          this.onload?.();
        },
        () => (this.#controller.signal.aborted ? this.onabort?.() : this.onerror?.()),
      );
    }
    abort(): void {
      this.#controller.abort();
    }
  }

  it("goes by XMLHttpRequest, which tells how far it is", async () => {
    vi.stubGlobal("XMLHttpRequest", BrowserRequest);
    try {
      takeUploads(503, -1, 200);
      const onProgress = vi.fn();
      expect(await jobs.upload("etl", "data", new Blob([CONTENT], { type: "text/csv" }), { onProgress })).toBe(UPLOAD);
      expect(onProgress).toHaveBeenCalledWith({ sentBytes: 300_000, totalBytes: 300_000 });
      expect(puts()).toHaveLength(3);
      expect(puts()[2]!.headers).toMatchObject({ "content-length": "300000", "content-type": "text/csv", "if-none-match": "*" });
      const reason = new Error("no longer wanted");
      const controller = new AbortController();
      const stopped = { onProgress: () => controller.abort(reason), signal: controller.signal };
      await expect(jobs.upload("etl", "data", new Blob([CONTENT]).stream(), { bytes: 300_000, ...stopped })).rejects.toBe(reason);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
