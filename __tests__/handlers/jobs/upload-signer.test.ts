import { describe, expect, it } from "vitest";
import { uploadSigner } from "../../../handlers/jobs/upload-signer.ts";

const sign = uploadSigner({ region: "eu-central-1", credentials: { accessKeyId: "key", secretAccessKey: "secret" } }, 3_600);
const planned = { bucket: "results", key: "uploads/etl/o/u/data", bytes: 1_234, contentType: "text/csv; charset=utf-8" };

describe("a link to upload a file to", () => {
  it("is for a PUT of this size and content type, where nothing is there yet", async () => {
    const { url, headers } = await sign(planned);
    const { hostname, pathname, searchParams } = new URL(url);
    expect(`${hostname}${pathname}`).toBe("results.s3.eu-central-1.amazonaws.com/uploads/etl/o/u/data");
    expect(searchParams.get("X-Amz-SignedHeaders")).toBe("content-length;content-type;host;if-none-match");
    expect(searchParams.get("X-Amz-Expires")).toBe("3600");
    expect(headers).toEqual({ "content-length": "1234", "content-type": "text/csv; charset=utf-8", "if-none-match": "*" });
  });

  it("holds no checksum: of the file's bytes nothing is known yet", async () => {
    expect((await sign(planned)).url.toLowerCase()).not.toContain("checksum");
  });

  it("is another one for another size or content type", async () => {
    const signatures = await Promise.all(
      [planned, { ...planned, bytes: 1_235 }, { ...planned, contentType: "text/plain" }].map(async (object) =>
        new URL((await sign(object)).url).searchParams.get("X-Amz-Signature"),
      ),
    );
    expect(new Set(signatures).size).toBe(3);
  });

  it("can be for a file without bytes", async () => {
    expect((await sign({ ...planned, bytes: 0 })).headers["content-length"]).toBe("0");
  });
});
