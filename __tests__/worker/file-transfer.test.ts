import { Readable } from "node:stream";
import { MessageChannel } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PermanentError } from "../../domain/errors.ts";
import type { FileContent } from "../../worker/file-content.ts";
import type { Run } from "../../worker/runners/runner.ts";
import { FileReceiver } from "../../worker/runners/threads/file-receiver.ts";
import { FileSender } from "../../worker/runners/threads/file-sender.ts";
import type { FileToThread, FileToWorker } from "../../worker/runners/threads/messages.ts";

const MEBIBYTE = 1_048_576;
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A thread and a worker, at the two ends of a port. */
function pair(putFile: Run["putFile"]) {
  const { port1, port2 } = new MessageChannel();
  ends.push(() => port1.close());
  const pieces: number[] = [];
  const sender = new FileSender((message, transfer = []) => {
    if (message.kind === "chunk") pieces.push(message.bytes.byteLength);
    port1.postMessage(message, transfer);
  });
  const receiver = new FileReceiver(putFile, (message) => port2.postMessage(message));
  port1.on("message", (message: FileToThread) => sender.receive(message));
  port2.on("message", (message: FileToWorker) => receiver.receive(message));
  return { sender, receiver, pieces };
}

/** Stores by reading all of it. */
const readAll: Run["putFile"] = async (name, content, contentType) => {
  let bytes = 0;
  for await (const chunk of content as AsyncIterable<Uint8Array>) bytes += chunk.byteLength;
  return { bucket: "b", key: name, bytes, contentType };
};
const rethrow = (error: Error): never => {
  throw error;
};
const put = (sender: FileSender, content: FileContent) => sender.put("a.bin", content, "text/plain");

describe("a file on its way from a thread to its worker", () => {
  it.each<[string, FileContent, number[]]>([
    ["text", "Grüße", [7]],
    ["nothing", "", []],
    ["a mebibyte", new Uint8Array(MEBIBYTE), [MEBIBYTE]],
    ["more than that", Buffer.alloc(3 * MEBIBYTE + 1), [MEBIBYTE, MEBIBYTE, MEBIBYTE, 1]],
    ["many small chunks", Readable.from(Array.from({ length: 1_000 }, () => "0123456789")), [10_000]],
    ["one large chunk", Readable.from([Buffer.alloc(2 * MEBIBYTE)]), [MEBIBYTE / 16, MEBIBYTE / 4, MEBIBYTE, 720_896]],
    ["a stream of nothing", Readable.from([]), []],
  ])("arrives whole, in few pieces: %s", async (_, content, expected) => {
    const { sender, pieces } = pair(readAll);
    const bytes = expected.reduce((sum, piece) => sum + piece, 0);
    expect(await put(sender, content)).toEqual({ bucket: "b", key: "a.bin", bytes, contentType: "text/plain" });
    expect(pieces).toEqual(expected);
  });

  it("leaves the handler's buffer as it was", async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    await put(pair(readAll).sender, bytes);
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("is read no faster than the worker asks for it", async () => {
    const read = vi.fn(() => Buffer.alloc(MEBIBYTE));
    const source = async function* () {
      for (let part = 0; part < 10; part += 1) yield read();
    };
    const first = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const { sender } = pair(async (name, content, contentType) => {
      const chunks = (content as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
      await chunks.next();
      first.resolve();
      await goOn.promise;
      while (!(await chunks.next()).done);
      return { bucket: "b", key: name, bytes: 0, contentType };
    });
    const storing = put(sender, source());
    await first.promise;
    expect(read).toHaveBeenCalledTimes(1);
    goOn.resolve();
    await storing;
    expect(read).toHaveBeenCalledTimes(10);
  });

  it("fails with what its content threw, and the worker hears that it is broken", async () => {
    const error = new RangeError("no more");
    const heard = vi.fn(rethrow);
    const { sender } = pair((...file) => readAll(...file).catch(heard));
    const failing = async function* () {
      yield "a";
      throw error;
    };
    await expect(put(sender, failing())).rejects.toBe(error);
    await expect.poll(() => heard.mock.calls).toEqual([[new Error("the file's content failed")]]);
  });

  it("fails as the worker says, with the error's name and code", async () => {
    const { sender } = pair(() => Promise.reject(new PermanentError("too much", { code: "FileTooLarge" })));
    await expect(put(sender, "a")).rejects.toMatchObject({ name: "PermanentError", code: "FileTooLarge", message: "too much" });
  });

  it("closes its stream where the worker wants no more of it", async () => {
    const source = Readable.from(Array.from({ length: 5 }, () => Buffer.alloc(MEBIBYTE)));
    const { sender } = pair(async (_, content) => {
      for await (const chunk of content as AsyncIterable<Uint8Array>) throw new Error(`enough after ${chunk.byteLength}`);
      throw new Error("nothing came");
    });
    await expect(put(sender, source)).rejects.toThrow("enough after 65536");
    await expect.poll(() => source.destroyed).toBe(true);
  });

  it("is given up where the job ends before all of it came", async () => {
    const given = vi.fn(rethrow);
    const { sender, receiver } = pair((...file) => readAll(...file).catch(given));
    const reading = Promise.withResolvers<void>();
    const stalled = async function* () {
      reading.resolve();
      yield await new Promise<string>(() => {});
    };
    void put(sender, stalled()).catch(() => {});
    await reading.promise;
    receiver.close();
    await expect.poll(() => given.mock.calls).toEqual([[new Error("the job ended before its file was stored")]]);
  });
});
