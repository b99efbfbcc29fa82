import { describe, expect, it } from "vitest";
import { json, standInApi } from "../../client/stand-in-api.ts";
import { consoleSuite } from "./console-suite.ts";

const api = await standInApi();
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
let given: () => Promise<typeof credentials> = async () => credentials;
const signing = consoleSuite(() => ({
  api: { url: `${api.url}/stage/`, iam: { region: "eu-central-1", credentials: async () => await given() } },
}));
const plain = consoleSuite(() => ({ api: { url: api.url, headers: { "x-local-principal": "ada" } }, logs: readLogs }));
const unreached = consoleSuite(() => ({ api: { url: "http://127.0.0.1:9" } }));
const ID = "etl_01JCQ8N6V4W2X9Y7Z5T3R1P0MK";

async function readLogs(jobId: string): Promise<readonly string[]> {
  if (jobId === ID) return ['{"message":"<b>one</b>"}', "two"];
  throw new Error("There is no log group of this type.");
}

describe("the console passes a request on", () => {
  it("signed as the caller, to the API's address, with its query as it was", async () => {
    api.answer = (_, response) => json(response, 200, { items: [] });
    const { status, text } = await signing.askAsPage("/api/jobs?status=FAILED&status=QUEUED&tag=a%3Ab%20c&limit=5");
    expect([status, text]).toEqual([200, '{"items":[]}']);
    expect(api.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /stage/jobs?status=FAILED&status=QUEUED&tag=a%3Ab%20c&limit=5",
    ]);
    const { headers } = api.seen[0]!;
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d+\/eu-central-1\/execute-api\/aws4_request/,
    );
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(["x-console-token"]));
    expect(headers).not.toHaveProperty("origin");
    expect(headers).not.toHaveProperty("cookie");
  });

  it("with the headers of its settings, and no body where the API takes none", async () => {
    api.answer = (_, response) => json(response, 202, { id: ID });
    expect((await plain.askAsPage(`/api/jobs/${ID}/retry`, { method: "POST", body: "{}" })).status).toBe(202);
    expect(api.seen).toMatchObject([{ url: `/jobs/${ID}/retry`, body: "", headers: { "x-local-principal": "ada" } }]);
  });

  it("with the body where it takes one", async () => {
    api.answer = (_, response) => json(response, 200, {});
    await plain.askAsPage("/api/job-types/etl/pause", { method: "POST", body: '{"reason":"a ✓"}' });
    expect(api.seen).toMatchObject([
      { method: "POST", url: "/job-types/etl/pause", body: '{"reason":"a ✓"}', headers: { "content-type": "application/json" } },
    ]);
  });

  it("but no body that is too large", async () => {
    const body = "x".repeat(20_000);
    const { status } = await plain.askAsPage("/api/job-types/etl/pause", { method: "POST", body });
    expect([status, api.seen]).toEqual([413, []]);
  });
});

describe("the console passes an answer back", () => {
  it("as it came, with the digits of its numbers", async () => {
    const text = '{"input":{"n":12345678901234567890.10}}';
    api.answer = (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end(text);
    expect((await plain.askAsPage(`/api/jobs/${ID}`)).text).toBe(text);
  });

  it("with its status, its problem and when to come again, and no other header", async () => {
    const headers = { "retry-after": "7", "set-cookie": "a=b", "x-powered-by": "x", "content-type": "application/problem+json" };
    api.answer = (_, response) => json(response, 503, { code: "Unavailable" }, headers);
    const answer = await plain.askAsPage("/api/jobs");
    expect([answer.status, answer.text, answer.headers["retry-after"]]).toEqual([503, '{"code":"Unavailable"}', "7"]);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect(answer.headers["set-cookie"]).toBeUndefined();
    expect(answer.headers["x-powered-by"]).toBeUndefined();
  });

  it("but nothing that is not JSON, and follows no redirect", async () => {
    api.answer = (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<script>alert(1)</script>");
    const html = await plain.askAsPage("/api/jobs");
    expect([html.status, JSON.parse(html.text).code]).toEqual([502, "UnexpectedAnswer"]);
    api.answer = (_, response) => void response.writeHead(302, { location: "http://169.254.169.254/" }).end();
    expect((await plain.askAsPage("/api/jobs")).status).toBe(502);
    expect(api.seen).toHaveLength(2);
  });

  it("and says in one sentence that the API was not reached, or that the credentials are none", async () => {
    const answer = await unreached.askAsPage("/api/jobs");
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([502, { code: "ApiNotReached" }]);
    expect(JSON.parse(answer.text).detail).toMatch(/^The API at http:\/\/127\.0\.0\.1:9 was not reached: .*\.$/);
    given = async () => {
      throw new Error("Token is expired. To refresh this SSO session run 'aws sso login'");
    };
    const unsigned = await signing.askAsPage("/api/jobs");
    expect([unsigned.status, JSON.parse(unsigned.text)]).toMatchObject([502, { code: "CredentialsFailed" }]);
    expect(JSON.parse(unsigned.text).detail).toContain("Token is expired");
  });
});

describe("the console reads logs", () => {
  it("as lines, or says why not", async () => {
    const lines = await plain.askAsPage(`/logs/${ID}`);
    expect([lines.status, JSON.parse(lines.text)]).toEqual([200, { lines: ['{"message":"<b>one</b>"}', "two"] }]);
    expect(lines.headers["content-type"]).toBe("application/json");
    const failed = await plain.askAsPage("/logs/etl_other");
    expect([failed.status, JSON.parse(failed.text).detail]).toEqual([502, "There is no log group of this type."]);
  });

  it("not where they cannot be read, and says so", async () => {
    expect((await signing.askAsPage(`/logs/${ID}`)).status).toBe(404);
    expect(JSON.parse((await signing.askAsPage("/console.json")).text)).toEqual({ api: `${api.url}/stage/`, logs: false });
    expect(JSON.parse((await plain.askAsPage("/console.json")).text)).toEqual({ api: api.url, logs: true });
  });
});
