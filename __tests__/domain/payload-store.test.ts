import { GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PayloadStore } from "../../domain/payload-store.ts";
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
    expect(JSON.stringify(await payloads.getJson(location))).toBe(json);
  });

  it("gives back JSON of megabytes", async () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => ({ index, name: `row ${index}` }));
    const location = await payloads.put("inputs/etl/3/a.json", JSON.stringify(rows), "application/json");
    expect(await payloads.getJson(location)).toEqual(rows);
  });

  it("says that an object is missing", async () => {
    await expect(payloads.getJson({ bucket: "results", key: "inputs/etl/none", bytes: 1 })).rejects.toMatchObject({
      name: "NoSuchKey",
    });
  });

  it("says that an object is no JSON", async () => {
    const location = await payloads.put("inputs/etl/4/a.json", "{", "application/json");
    await expect(payloads.getJson(location)).rejects.toThrow(SyntaxError);
  });
});
