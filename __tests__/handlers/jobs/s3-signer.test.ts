import { describe, expect, it } from "vitest";
import { s3Signer } from "../../../handlers/jobs/s3-signer.ts";

const sign = s3Signer({ region: "eu-central-1", credentials: { accessKeyId: "key", secretAccessKey: "secret" } }, 3_600);

describe("a signed link", () => {
  it("has browsers save what it leads to, under its name", async () => {
    const url = new URL(await sign({ bucket: "results", key: "results/document/1/1/files/page.html" }));
    expect(url.hostname).toBe("results.s3.eu-central-1.amazonaws.com");
    expect(url.pathname).toBe("/results/document/1/1/files/page.html");
    expect(url.searchParams.get("response-content-disposition")).toBe('attachment; filename="page.html"');
    expect(url.searchParams.get("X-Amz-Expires")).toBe("3600");
  });

  it("can be made of any key that a result may name", async () => {
    const url = new URL(await sign({ bucket: "results", key: 'results/document/1/1/files/a b?#%"é.html' }));
    expect(decodeURIComponent(url.pathname)).toBe('/results/document/1/1/files/a b?#%"é.html');
    expect(url.searchParams.get("response-content-disposition")).toMatch(/^attachment; filename="a b____\w+\.html"/);
  });
});
