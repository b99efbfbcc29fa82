import { describe, expect, it } from "vitest";
import { linkJob } from "../../../handlers/jobs/links.ts";
import { buildJob } from "../../support/build-job.ts";

const job = buildJob({ status: "SUCCEEDED", type: "document" });
const own = (name: string) => ({
  bucket: "results",
  key: `results/document/${job.id}/1/files/${name}`,
  bytes: 5,
  contentType: "application/pdf",
});
const sign = async ({ bucket, key }: { bucket: string; key: string }) => `https://${bucket}/${key}`;
const text = (value: unknown) => JSON.stringify(value);

/** The links of the job; `result` is the text of its result then. */
async function linksOf(parts: Parameters<typeof buildJob>[0], read: () => Promise<unknown> = async () => ({ big: true })) {
  const payloads = { getText: async () => text(await read()) };
  const linked = await linkJob({ ...job, ...parts }, { resultsBucket: "results", sign, payloads });
  const { result } = linked.job;
  return { ...linked.links, ...(result === undefined ? {} : { result }) };
}

const resultLocation = { bucket: "results", key: `results/document/${job.id}/1/result.json`, bytes: 5_000 };

describe("the links of a job", () => {
  it("are none where nothing of it is in S3", async () => {
    expect(await linksOf({})).toEqual({});
    expect(await linksOf({ result: '{"pages": [1, null, "a"]}' })).toEqual({ result: '{"pages": [1, null, "a"]}' });
  });

  it("lead to a large input and a large result", async () => {
    const inputLocation = { bucket: "results", key: `inputs/document/${job.id}/w.json`, bytes: 5_000 };
    expect(await linksOf({ inputLocation, resultLocation })).toEqual({
      inputUrl: `https://results/${inputLocation.key}`,
      resultUrl: `https://results/${resultLocation.key}`,
    });
  });

  it("stand beside every file that the job was added with, and none beside what is another type's", async () => {
    const file = { bytes: 5, contentType: "text/csv", etag: '"e"' };
    const { files } = await linksOf({
      files: {
        data: { ...file, key: "uploads/document/owner/upload/data" },
        copy: { ...file, key: `inputs/document/${job.id}/w/copy` },
        foreign: { ...file, key: "uploads/canary/owner/upload/foreign" },
        dots: { ...file, key: "uploads/document/../canary/owner/upload/dots" },
      },
    });
    expect(files).toEqual({
      data: { bytes: 5, contentType: "text/csv", url: "https://results/uploads/document/owner/upload/data" },
      copy: { bytes: 5, contentType: "text/csv", url: `https://results/inputs/document/${job.id}/w/copy` },
      foreign: { bytes: 5, contentType: "text/csv" },
      dots: { bytes: 5, contentType: "text/csv" },
    });
  });

  it("stand beside every file of the result, however deep", async () => {
    const { result = "" } = await linksOf({ result: text({ pdf: own("a.pdf"), pages: [{ image: own("b.png") }] }) });
    expect(JSON.parse(result)).toEqual({
      pdf: { ...own("a.pdf"), url: `https://results/${own("a.pdf").key}` },
      pages: [{ image: { ...own("b.png"), url: `https://results/${own("b.png").key}` } }],
    });
  });

  it("lead to the files in a large result, though that is not in the answer itself", async () => {
    const result = { pages: [{ text: "t".repeat(5_000), image: { ...own("b.png"), note: "kept out" } }], pdf: own("a.pdf") };
    const { resultFiles, ...links } = await linksOf({ resultLocation }, async () => result);
    expect(resultFiles).toEqual([
      { ...own("b.png"), url: `https://results/${own("b.png").key}` },
      { ...own("a.pdf"), url: `https://results/${own("a.pdf").key}` },
    ]);
    expect(links).toEqual({ resultUrl: `https://results/${resultLocation.key}` });
  });

  it("lead to no other job's files, and to a thousand of its own at most", async () => {
    const foreign = { ...own("a.pdf"), key: "results/document/document_01K91ABCDEFGHJKMNPQRSTVWXY/1/files/a.pdf" };
    const many = Array.from({ length: 1_200 }, (_, index) => own(`${index}.txt`));
    const { resultFiles } = await linksOf({ resultLocation }, async () => [foreign, ...many]);
    expect(resultFiles?.map(({ key }) => key)).toEqual(many.slice(0, 1_000).map(({ key }) => key));
  });

  it("fail as one where a link cannot be made while the result is still read", async () => {
    const inputLocation = { bucket: "results", key: `inputs/document/${job.id}/w.json`, bytes: 5_000 };
    const read = Promise.withResolvers<string>();
    const links = linkJob(
      { ...job, inputLocation, resultLocation },
      {
        resultsBucket: "results",
        sign: () => Promise.reject(new Error("no credentials")),
        payloads: { getText: () => read.promise },
      },
    );
    await expect(links).rejects.toThrow("no credentials");
    read.resolve("{}");
  });

  it("are made without reading a result that is too large, or that is gone", async () => {
    const links = { resultUrl: `https://results/${resultLocation.key}` };
    const unread = async () => expect.unreachable();
    expect(await linksOf({ resultLocation: { ...resultLocation, bytes: 1_048_577 } }, unread)).toEqual(links);
    for (const name of ["NoSuchKey", "AccessDenied"]) {
      const gone = () => Promise.reject(Object.assign(new Error("gone"), { name }));
      expect(await linksOf({ resultLocation }, gone)).toEqual(links);
    }
    await expect(linksOf({ resultLocation }, () => Promise.reject(new Error("S3 is down")))).rejects.toThrow("S3 is down");
  });

  it.each([
    { ...own("a.pdf"), bucket: "other" },
    { ...own("a.pdf"), key: "results/document/document_01K91ABCDEFGHJKMNPQRSTVWXY/1/files/a.pdf" },
    { ...own("a.pdf"), key: `results/other/${job.id}/1/files/a.pdf` },
    { ...own("a.pdf"), key: `inputs/document/${job.id}/w.json` },
    { ...own("a.pdf"), key: `results/document/${job.id}/../../other/a.pdf` },
    { ...own("a.pdf"), key: `results/document/${job.id}` },
    { ...own("a.pdf"), bytes: "5" },
    { bucket: "results", key: own("a.pdf").key },
  ])("are not made for %j", async (file) => {
    expect(await linksOf({ result: text({ file }) })).toEqual({ result: text({ file }) });
  });

  it("are not made for locations outside of the job", async () => {
    const location = { bucket: "results", key: "inputs/document/other/w.json", bytes: 1 };
    expect(await linksOf({ inputLocation: location, resultLocation: location })).toEqual({});
  });

  it("change nothing else of the result: neither digits, nor order, nor blanks, nor escapes", async () => {
    const file = text(own("a.pdf"));
    const before = '{ "10": 1.10, "2": [1970670598291982290, 1e400, -0], "__proto__": {"a": "\\u00e9\\/"}, "file" :';
    const { result } = await linksOf({ result: `${before} ${file}, "b": "}{\\"" }` });
    const link = `,"url":"https://results/${own("a.pdf").key}"}`;
    expect(result).toBe(`${before} ${file.slice(0, -1)}${link}, "b": "}{\\"" }`);
  });

  it("take the place of a url that a file has already", async () => {
    const expired = { url: "https://results/expired", ...own("a.pdf") };
    const { result = "" } = await linksOf({ result: text([expired, { ...own("b.pdf"), url: { old: true } }]) });
    expect(result).toBe(
      text([
        { url: `https://results/${own("a.pdf").key}`, ...own("a.pdf") },
        { ...own("b.pdf"), url: `https://results/${own("b.pdf").key}` },
      ]),
    );
  });

  it("stand beside a file, and not beside what that holds", async () => {
    const { result = "" } = await linksOf({ result: text({ ...own("a.pdf"), inner: own("b.pdf") }) });
    expect(result.match(/"url"/g)).toHaveLength(1);
    expect(JSON.parse(result)).toEqual({ ...own("a.pdf"), inner: own("b.pdf"), url: `https://results/${own("a.pdf").key}` });
  });

  it.each([3_000, 100_000])("are made for a result that is nested %i deep", async (depth) => {
    const result = `${"[".repeat(depth)}${text(own("a.pdf"))}${"]".repeat(depth)}`;
    expect((await linksOf({ result })).result).toContain('"url":"https://results/');
    const { resultFiles } = await linkJob(
      { ...job, resultLocation },
      { resultsBucket: "results", sign, payloads: { getText: async () => result } },
    ).then(({ links }) => links);
    expect(resultFiles).toHaveLength(1);
  });
});
