import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildRegistryEntry } from "../../support/build-registry-entry.ts";
import { type ApiUnderTest, startApi } from "../api-under-test.ts";

const BODY = { type: "canary", name: "data", bytes: 5 };
const files = {
  page: { description: "A page", maxBytes: 100, required: true, contentTypes: ["image/png", "image/jpeg"] },
};

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
  await api.registry.register(buildRegistryEntry("pages", { files }));
  await api.registry.register(buildRegistryEntry("old", { files, retired: true }));
});
afterAll(async () => {
  await api.stop();
});

describe("POST /uploads", () => {
  it("answers with a link that stores the file once", async () => {
    const { status, body } = await api.call("createUpload", { body: { ...BODY, contentType: "text/csv" } });
    expect(status).toBe(201);
    expect(body).toEqual({
      upload: expect.stringMatching(/^[0-7][0-9A-Z]{25}$/),
      url: expect.any(String),
      headers: { "content-length": "5", "content-type": "text/csv", "if-none-match": "*" },
      expiresAt: expect.any(String),
    });
    expect(Date.parse(body.expiresAt)).toBeGreaterThan(Date.now() + 3_500_000);
    const put = (content: string) => fetch(body.url, { method: "PUT", headers: body.headers, body: content });
    expect((await put("first")).status).toBe(200);
    expect((await put("other")).status).toBe(412);
    const Key = new URL(body.url).pathname.replace(`/${api.resultsBucket}/`, "");
    const head = await api.s3.send(new HeadObjectCommand({ Bucket: api.resultsBucket, Key }));
    expect(head).toMatchObject({ ContentLength: 5, ContentType: "text/csv" });
  });

  it.each(["text/csv;header=present", "TEXT/CSV ; name=a", 'text/csv; name=" a \\"b\\" ";', "text/csv;;"])(
    "stores the file with its content type, %s, as it was sent",
    async (contentType) => {
      const { body } = await api.call("createUpload", { body: { ...BODY, contentType } });
      expect((await fetch(body.url, { method: "PUT", headers: body.headers, body: "first" })).status).toBe(200);
      const Key = new URL(body.url).pathname.replace(`/${api.resultsBucket}/`, "");
      const head = await api.s3.send(new HeadObjectCommand({ Bucket: api.resultsBucket, Key }));
      expect(head.ContentType).toBe(contentType);
    },
  );

  it("keeps the uploads of callers, types and names apart", async () => {
    const pathOf = async (principal: string) =>
      new URL((await api.call("createUpload", { body: BODY, principal })).body.url).pathname.split("/").slice(2);
    const [, , ada] = await pathOf("arn:aws:iam::123456789012:user/ada");
    const [folder, type, dots, , name] = await pathOf("arn:aws:iam::123456789012:user/../ada");
    expect([folder, type, name]).toEqual(["uploads", "canary", "data"]);
    expect(dots).toMatch(/^[\w-]{43}$/);
    expect(dots).not.toBe(ada);
  });

  it.each([
    ["no body", undefined, 400, "InvalidJson", undefined],
    ["no name", { type: "canary", bytes: 1 }, 400, "InvalidRequest", "/name"],
    ["a name with dots", { ...BODY, name: ".." }, 400, "InvalidRequest", "/name"],
    ["a name with a slash", { ...BODY, name: "../data" }, 400, "InvalidRequest", "/name"],
    ["a negative size", { ...BODY, bytes: -1 }, 400, "InvalidRequest", "/bytes"],
    ["a part of a byte", { ...BODY, bytes: 1.5 }, 400, "InvalidRequest", "/bytes"],
    ["a size that no double holds", '{"type":"canary","name":"data","bytes":9007199254740993}', 400, "InvalidRequest", "/bytes"],
    ["a content type that is none", { ...BODY, contentType: "csv" }, 400, "InvalidRequest", "/contentType"],
    ["a header in the content type", { ...BODY, contentType: "text/csv\r\nx: y" }, 400, "InvalidRequest", "/contentType"],
    [
      "two blanks in the content type",
      { ...BODY, contentType: "text/csv;  header=present" },
      400,
      "InvalidRequest",
      "/contentType",
    ],
    ["two blanks in quotes", { ...BODY, contentType: 'text/csv; name="a  b"' }, 400, "InvalidRequest", "/contentType"],
    ["a tab in quotes", { ...BODY, contentType: 'text/csv; name="a\tb"' }, 400, "InvalidRequest", "/contentType"],
    ["a tab in the content type", { ...BODY, contentType: "text/csv;\theader=present" }, 400, "InvalidRequest", "/contentType"],
    ["a blank at its end", { ...BODY, contentType: "text/csv " }, 400, "InvalidRequest", "/contentType"],
    ["an unknown member", { ...BODY, key: "results/x" }, 400, "InvalidRequest", "/key"],
    ["an unknown type", { ...BODY, type: "nothing" }, 404, "UnknownJobType", undefined],
    ["a retired type", { ...BODY, type: "old", name: "page" }, 409, "JobTypeRetired", undefined],
    ["a file that is not declared", { ...BODY, name: "page" }, 422, "InvalidFiles", "/name"],
    ["a member of every object", { ...BODY, name: "constructor" }, 422, "InvalidFiles", "/name"],
    ["too many bytes", { ...BODY, bytes: 1_000_000_001 }, 413, "FileTooLarge", "/bytes"],
    ["more bytes than S3 takes", { ...BODY, bytes: 2 ** 53 - 1 }, 413, "FileTooLarge", "/bytes"],
    [
      "another content type",
      { type: "pages", name: "page", bytes: 1, contentType: "text/html" },
      422,
      "InvalidFiles",
      "/contentType",
    ],
    ["no content type where some are declared", { type: "pages", name: "page", bytes: 1 }, 422, "InvalidFiles", "/contentType"],
  ])("refuses %s", async (_, body, status, code, path) => {
    const answer = await api.call("createUpload", body === undefined ? {} : { body });
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body.errors?.map((error: { path: string }) => error.path)).toEqual(path === undefined ? undefined : [path]);
  });

  it("says what is allowed", async () => {
    const { body } = await api.call("createUpload", {
      body: { type: "pages", name: "page", bytes: 101, contentType: "image/png" },
    });
    expect(body.errors).toEqual([{ path: "/bytes", message: "must be at most 100, not 101" }]);
  });

  it("is for callers who are somebody", async () => {
    expect(await api.call("createUpload", { body: BODY, principal: null })).toMatchObject({ status: 401 });
  });
});

describe("GET /job-types", () => {
  it("tells the files of each type", async () => {
    const { body } = await api.call("listJobTypes");
    const byName = new Map(body.items.map((item: { name: string; files: object }) => [item.name, item.files]));
    expect(byName.get("pages")).toEqual(files);
    expect(byName.get("canary")).toMatchObject({ data: { maxBytes: 1_000_000_000, required: false } });
  });
});
