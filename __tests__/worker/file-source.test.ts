import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { FileSource } from "../../worker/file-source.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(async () => emulators.stop());

const never = new AbortController().signal;
const key = "uploads/etl/o/u/data";

async function put(content: string): Promise<{ key: string; etag: string }> {
  const { ETag: etag = "" } = await emulators.s3.send(
    new PutObjectCommand({ Bucket: emulators.resultsBucket, Key: key, Body: content }),
  );
  return { key, etag };
}

describe("a file that a job was added with", () => {
  it("is read from anywhere, into a buffer of its own", async () => {
    const file = await put("0123456789");
    const source = new FileSource(emulators.resultsBucket);
    const part = await source.read(file, { start: 3, bytes: 4 }, never);
    expect([Buffer.from(part).toString(), part.buffer.byteLength]).toEqual(["3456", 4]);
  });

  it("is never another one that took its place", async () => {
    const file = await put("as it was");
    await put("as it is!");
    await expect(new FileSource(emulators.resultsBucket).read(file, { start: 0, bytes: 9 }, never)).rejects.toMatchObject({
      name: "PermanentError",
      code: "FileUnavailable",
      message: expect.stringContaining("PreconditionFailed"),
    });
  });

  it("is missed where it is gone", async () => {
    const gone = { key: "uploads/etl/o/u/none", etag: '"e"' };
    await expect(new FileSource(emulators.resultsBucket).read(gone, { start: 0, bytes: 1 }, never)).rejects.toMatchObject({
      code: "FileUnavailable",
    });
  });

  it("is not read for a job that is aborted", async () => {
    const file = await put("0123456789");
    const aborted = AbortSignal.abort(new Error("cancelled"));
    await expect(new FileSource(emulators.resultsBucket).read(file, { start: 0, bytes: 1 }, aborted)).rejects.toThrow(
      "cancelled",
    );
  });
});

describe("a connection of S3", () => {
  const content = Buffer.from("0123456789");
  let stop = (): void => {};
  afterEach(() => {
    stop();
    vi.unstubAllEnvs();
  });

  /** A server instead of S3 that breaks off after so many bytes of each answer. @returns the ranges that were asked for. */
  async function startServer(bytes: number): Promise<string[]> {
    const ranges: string[] = [];
    const server = createServer(({ headers }, response) => {
      ranges.push(String(headers.range));
      const [, start = "0", end = "0"] = /^bytes=(\d+)-(\d+)$/.exec(String(headers.range)) ?? [];
      const part = content.subarray(Number(start), Number(end) + 1);
      response.writeHead(206, { "content-length": part.length });
      if (part.length <= bytes) response.end(part);
      else response.write(part.subarray(0, bytes), () => response.destroy());
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    vi.stubEnv("AWS_ENDPOINT_URL_S3", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    stop = () => {
      server.closeAllConnections();
      server.close();
    };
    return ranges;
  }

  it("may break: the rest is asked for", async () => {
    const ranges = await startServer(4);
    const part = await new FileSource("results").read({ key, etag: '"e"' }, { start: 1, bytes: 9 }, never);
    expect(Buffer.from(part).toString()).toBe("123456789");
    expect(ranges).toEqual(["bytes=1-9", "bytes=5-9", "bytes=9-9"]);
  });

  it("is given up when it breaks again and again", async () => {
    const ranges = await startServer(1);
    await expect(new FileSource("results").read({ key, etag: '"e"' }, { start: 0, bytes: 10 }, never)).rejects.toThrow();
    expect(ranges).toHaveLength(3);
  });
});
