import { describe, expect, it } from "vitest";
import { json, standInApi } from "../../client/stand-in-api.ts";
import { consoleSuite } from "./console-suite.ts";

const api = await standInApi();
const console_ = consoleSuite(() => ({ api: { url: api.url }, logs: async () => ["a line"] }));
const DATA = ["/api/jobs", "/console.json", "/logs/etl_01JCQ8N6V4W2X9Y7Z5T3R1P0MK"];
const PAGE = ["/", "/jobs", "/assets/index-1.js"];

/** The cookie that the page's first answer sets. */
async function cookie(): Promise<string> {
  const { headers } = await console_.ask(`/?token=${console_.server.token}`);
  return String(headers["set-cookie"]).split(";", 1)[0] ?? "";
}

describe("without the token, the console", () => {
  it.each([...DATA, ...PAGE])("refuses %s", async (target) => {
    const { status, text } = await console_.ask(target);
    expect([status, JSON.parse(text).code]).toEqual([403, "TokenMissing"]);
    expect(api.seen).toEqual([]);
  });

  it.each(DATA)("refuses %s with the page's cookie alone, which other ports of this machine are sent too", async (target) => {
    expect((await console_.ask(target, { headers: { cookie: await cookie() } })).status).toBe(403);
  });

  it("refuses another token, a longer one and an empty one", async () => {
    const { token } = console_.server;
    for (const wrong of ["", "x", `${token}x`, token.slice(1), token.toUpperCase()]) {
      expect((await console_.askAsPage("/api/jobs", { headers: { "x-console-token": wrong } })).status).toBe(403);
      expect((await console_.ask(`/?token=${wrong}`)).status).toBe(403);
    }
  });

  it("takes no token for data from the address, where it would be kept and told", async () => {
    expect((await console_.ask(`/api/jobs?token=${console_.server.token}`)).status).toBe(403);
  });
});

describe("with the token, the console", () => {
  it("gives the page, which keeps no more than its cookie", async () => {
    const { status, headers, text } = await console_.ask(`/jobs?status=FAILED&token=${console_.server.token}`);
    expect([status, headers["content-type"], text]).toEqual([
      200,
      "text/html; charset=utf-8",
      "<!doctype html><title>Jobs</title>",
    ]);
    expect(String(headers["set-cookie"])).toMatch(/^jobs_console_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(String(headers["set-cookie"])).not.toContain(console_.server.token);
  });

  it("gives the page again and its files by the cookie", async () => {
    for (const target of PAGE) expect((await console_.ask(target, { headers: { cookie: await cookie() } })).status).toBe(200);
  });

  it.each([
    ["another host's name for this address", { host: "evil.example:80" }],
    ["localhost, which is not where the page is", { host: "localhost:1" }],
    ["another origin", { origin: "http://evil.example" }],
    ["a page on another port", { origin: "http://127.0.0.1:1" }],
    ["a page without an origin", { origin: "null" }],
    ["another site's request", { "sec-fetch-site": "cross-site" }],
    ["another port's request", { "sec-fetch-site": "same-site" }],
    ["a frame", { "sec-fetch-dest": "iframe" }],
  ])("refuses %s", async (_, headers) => {
    for (const target of DATA) expect((await console_.askAsPage(target, { headers })).status).toBe(403);
    expect(api.seen).toEqual([]);
  });

  it.each(["iframe", "frame", "object", "embed"])("refuses to be shown in another page's %s", async (destination) => {
    const target = `/?token=${console_.server.token}`;
    expect((await console_.ask(target, { headers: { "sec-fetch-dest": destination } })).status).toBe(403);
  });

  it("refuses a POST of another site, which may be sent without a question", async () => {
    const headers = { origin: "http://evil.example", "content-type": "text/plain", cookie: await cookie() };
    const { status } = await console_.ask("/api/jobs/etl_1/cancel", { method: "POST", headers });
    expect([status, api.seen]).toEqual([403, []]);
  });

  it.each(["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"])("takes no %s", async (method) => {
    for (const target of ["/api/jobs", "/console.json"]) {
      const { status, headers } = await console_.askAsPage(target, { method });
      expect([status, headers.allow]).toEqual([405, "GET"]);
    }
    const page = await console_.ask(`/?token=${console_.server.token}`, { method });
    expect(page.status).toBe(405);
    expect(api.seen).toEqual([]);
  });

  it.each([
    "/../secret.js",
    "/assets/../../secret.js",
    "/assets/%2e%2e/%2e%2e/secret.js",
    "/assets/..%2f..%2fsecret.js",
    "/..\\secret.js",
    "/secret.js",
    "/notes.txt",
    "//secret.js",
    "/assets",
    "/assets/",
    "/jobs/../../secret.js",
    "/toString",
    "/__proto__",
  ])("has no file %s", async (target) => {
    const { status, text } = await console_.ask(target, { headers: { cookie: await cookie() } });
    expect([status, JSON.parse(text).code]).toEqual([404, "NotServed"]);
  });

  it("has no path but the API's", async () => {
    api.answer = (_, response) => json(response, 200, {});
    for (const target of [
      "/api/",
      "/api/openapi.json",
      "/api/uploads",
      "/api/jobs/..",
      "/api//example.com",
      "/logs/",
      "/logs/a/b",
    ]) {
      expect((await console_.askAsPage(target)).status).toBe(404);
    }
    expect((await console_.askAsPage("/api/jobs", { method: "POST", body: "{}" })).status).toBe(405);
    expect(api.seen).toEqual([]);
  });
});

describe("every answer", () => {
  it("runs no script but the page's, is in no frame and no cache", async () => {
    const { token } = console_.server;
    const answers = [
      await console_.ask(`/?token=${token}`),
      await console_.ask("/"),
      await console_.askAsPage("/console.json"),
      await console_.askAsPage("/nothing"),
    ];
    for (const { headers } of answers) {
      expect(headers["content-security-policy"]).toContain("default-src 'none'");
      expect(headers["content-security-policy"]).not.toMatch(/unsafe|\*|https?:|data:/);
      expect(headers).toMatchObject({
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });
});
