import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { PayloadStore } from "../../domain/payload-store.ts";
import { s3Objects } from "../../domain/s3-objects.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

let emulators: Emulators;
let payloads: PayloadStore;

beforeAll(async () => {
  emulators = await startEmulators();
  payloads = new PayloadStore(emulators.resultsBucket);
});
afterAll(async () => emulators.stop());

async function read(Key: string) {
  const { Body, ContentType } = await emulators.s3.send(new GetObjectCommand({ Bucket: emulators.resultsBucket, Key }));
  return { bytes: await Body?.transformToByteArray(), contentType: ContentType };
}

describe("the results bucket", () => {
  it("keeps text as UTF-8, and says where and how large it is", async () => {
    const location = await payloads.put("inputs/etl/1/a.json", '"Grüße 😀"', "application/json");
    expect(location).toEqual({ bucket: "results", key: "inputs/etl/1/a.json", bytes: 14 });
    expect(await read(location.key)).toEqual({
      bytes: new TextEncoder().encode('"Grüße 😀"'),
      contentType: "application/json",
    });
  });

  it("keeps bytes as they are", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const { key } = await payloads.put("results/etl/1/1/files/all.bin", bytes, "application/octet-stream");
    expect(await read(key)).toEqual({ bytes, contentType: "application/octet-stream" });
  });

  it("gives back JSON that no item could hold", async () => {
    const json = `{"__proto__":1,"":"\\ud800","small":5e-324,"deep":${"[".repeat(500)}${"]".repeat(500)}}`;
    const location = await payloads.put("inputs/etl/2/a.json", json, "application/json");
    expect(await payloads.getText(location)).toBe(json);
  });

  it("gives back JSON of megabytes", async () => {
    const rows = JSON.stringify(Array.from({ length: 50_000 }, (_, index) => ({ index, name: `row ${index}` })));
    const location = await payloads.put("inputs/etl/3/a.json", rows, "application/json");
    expect((await payloads.getText(location)) === rows).toBe(true);
  });

  it("says that an object is missing", async () => {
    await expect(payloads.getText({ bucket: "results", key: "inputs/etl/none", bytes: 1 })).rejects.toMatchObject({
      name: "NoSuchKey",
    });
  });
});

describe("a transfer", () => {
  const object = { bucket: "results", key: "results/etl/1/1/files/large.bin", bytes: 0 };
  /** More than the sockets of both ends hold. */
  const large = new Uint8Array(24 * 1_048_576);
  let stop = (): void => {};

  afterEach(() => {
    stop();
    vi.unstubAllEnvs();
  });

  /** A server for one kind of conversation, instead of S3; it asks for the body of each request. */
  async function startServer(talk: (socket: Socket) => void): Promise<void> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.once("data", () => {
        socket.write("HTTP/1.1 100 Continue\r\n\r\n");
        talk(socket);
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    vi.stubEnv("AWS_ENDPOINT_URL_S3", `http://127.0.0.1:${(server.address() as { port: number }).port}`);
    stop = () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    };
  }

  it("may take longer the larger it is", async () => {
    let read = 0;
    await startServer((socket) => {
      socket.on("data", (chunk) => {
        const before = read;
        read += chunk.byteLength;
        if (read >= large.byteLength) {
          socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        } else if (Math.floor(read / 2_097_152) > Math.floor(before / 2_097_152)) {
          // A pause after every 2 MiB: a slow network, whose pauses add up to more than a small transfer may take.
          socket.pause();
          setTimeout(() => socket.resume(), 100);
        }
      });
    });
    const startedAt = performance.now();
    await s3Objects({ baseMs: 500, slowestRate: 1_048_576 }).put(object, large, "application/octet-stream");
    expect(performance.now() - startedAt).toBeGreaterThan(1_000);
  });

  it("ends when it stands still, after three tries", async () => {
    const tries = vi.fn((socket: Socket) => void socket.pause());
    await startServer(tries);
    const upload = s3Objects({ baseMs: 100, slowestRate: 1_073_741_824 }).put(object, large, "text/plain");
    await expect(upload).rejects.toMatchObject({ name: "TimeoutError" });
    expect(tries).toHaveBeenCalledTimes(3);
  });

  /** Answers, and does not come to an end. */
  const trickle = (socket: Socket): void => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    const next = setInterval(() => socket.write(" "), 20);
    socket.once("close", () => clearInterval(next));
  };

  it("ends at its deadline where it trickles", async () => {
    await startServer(trickle);
    await expect(s3Objects({ baseMs: 300 }).getText(object)).rejects.toThrow();
  });

  it("between objects ends at its deadline, however large they are", async () => {
    await startServer(trickle);
    const from = { ...object, bytes: 5_000_000_000 };
    await expect(s3Objects({ copyMs: 300 }).copy(from, object)).rejects.toMatchObject({ name: "AbortError" });
  });
});
