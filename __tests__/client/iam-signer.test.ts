import { execFileSync } from "node:child_process";
import { describe, expect, it, vi } from "vitest";
import { iamSigner } from "../../client/iam-signer.ts";
import { JobsClient } from "../../client/jobs-client.ts";
import { hasPythonPackage } from "../support/programs.ts";
import signedRequests from "./signed-requests.json" with { type: "json" };
import { answeredJob, json, standInApi } from "./stand-in-api.ts";

const api = await standInApi();
const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

/** `20261102T090000Z` as a time. */
const timeOf = (timestamp: string): Date => new Date(timestamp.replace(/^(....)(..)(..T..)(..)/, "$1-$2-$3:$4:"));

describe("a signature", () => {
  it.each(signedRequests)("of $name is that of botocore", async (request) => {
    const { method, url, headers, region, timestamp, credentials, signature } = request;
    const sign = await iamSigner({ region, credentials: credentials as typeof CREDENTIALS });
    const at = timeOf(timestamp);
    const signed = await sign({ method, url, headers: headers as Record<string, string>, body: request.body, at });
    expect(signed["x-amz-date"]).toBe(timestamp);
    expect(signed.authorization).toMatch(new RegExp(`Signature=${signature}$`));
    expect(signed).toMatchObject(headers);
    expect(Object.keys(signed)).not.toContain("host");
  });

  it.runIf(hasPythonPackage("botocore"))("of each of them is what botocore still gives", () => {
    const script = "__tests__/client/signature.py";
    const given = execFileSync("python3", [script], { input: JSON.stringify(signedRequests), encoding: "utf8" });
    expect(given.trim().split("\n")).toEqual(signedRequests.map(({ signature }) => signature));
  });
});

describe("a signed call", () => {
  const jobs = (iam: ConstructorParameters<typeof JobsClient>[0]["iam"] & object) =>
    new JobsClient({ url: api.url, iam, retries: { baseMs: 1, maxMs: 2 } });

  it("is signed anew at each try, with the credentials of that moment", async () => {
    api.answer = (_, response, count) => json(response, count === 1 ? 503 : 200, answeredJob("a_1"));
    const credentials = vi.fn(async () => ({ ...CREDENTIALS, accessKeyId: `AKID${credentials.mock.calls.length}` }));
    await jobs({ region: "us-east-1", credentials }).get("a_1");
    expect(api.seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? "")?.[1])).toEqual(["AKID1", "AKID2"]);
  });

  it("takes the credentials of the AWS SDK's chain where it is given none", async () => {
    api.answer = (_, response) => json(response, 200, answeredJob("a_1"));
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDFROMENV");
    vi.stubEnv("AWS_SESSION_TOKEN", "of-the-environment");
    await jobs({ region: "eu-west-1" }).get("a_1");
    vi.unstubAllEnvs();
    expect(api.seen[0]!.headers).toMatchObject({
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDFROMENV\/\d{8}\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, /,
      ),
      "x-amz-security-token": "of-the-environment",
    });
  });

  it("needs a region where the address tells none", async () => {
    await expect(jobs({ credentials: CREDENTIALS }).get("a_1")).rejects.toMatchObject({
      code: "InvalidSetting",
      message: 'iam.region is missing, and 127.0.0.1 does not tell it; give the API\'s region, such as "eu-central-1"',
    });
    expect(api.seen).toEqual([]);
  });

  it.each([
    ["https://abc123.execute-api.eu-central-1.amazonaws.com", "eu-central-1"],
    ["https://abc123.execute-api.cn-north-1.amazonaws.com.cn", "cn-north-1"],
  ])("to %s is for %s", async (url, region) => {
    const sign = await iamSigner({ credentials: CREDENTIALS });
    const { authorization } = await sign({ method: "GET", url: `${url}/jobs`, headers: {}, body: undefined, at: new Date() });
    expect(authorization).toContain(`/${region}/execute-api/`);
  });

  it("ends with the error of the credentials", async () => {
    const cause = new Error("the session has expired");
    const credentials = async () => await Promise.reject(cause);
    await expect(jobs({ region: "us-east-1", credentials }).get("a_1")).rejects.toMatchObject({
      name: "JobsApiError",
      code: "CredentialsFailed",
      message: "credentials or token could not be had: the session has expired",
      cause,
    });
    expect(api.seen).toEqual([]);
  });

  it("is signed by the API's clock once that shows that this machine's is wrong", async () => {
    const ahead = Date.now() + 3_600_000;
    api.answer = ({ headers }, response) => {
      const isLate = Math.abs(timeOf(String(headers["x-amz-date"])).getTime() - ahead) > 60_000;
      const date = { date: new Date(ahead).toUTCString() };
      if (isLate) json(response, 403, { message: "Signature expired" }, date);
      else json(response, 200, answeredJob("a_1"), date);
    };
    const client = jobs({ region: "us-east-1", credentials: CREDENTIALS });
    await client.get("a_1");
    expect(api.seen).toHaveLength(2);
    await client.get("a_1");
    expect(api.seen).toHaveLength(3);
  });

  it.each([0, -240_000, 240_000])("that is refused is not tried again where the clocks are %d ms apart", async (apart) => {
    const date = new Date(Date.now() + apart).toUTCString();
    api.answer = (_, response) => json(response, 403, { message: "Forbidden" }, { date });
    await expect(jobs({ region: "us-east-1", credentials: CREDENTIALS }).get("a_1")).rejects.toMatchObject({ status: 403 });
    expect(api.seen).toHaveLength(1);
  });

  it("is refused for good where the API's clock does not help, either", async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    api.answer = (_, response) => json(response, 403, { message: "Forbidden" }, { date });
    await expect(jobs({ region: "us-east-1", credentials: CREDENTIALS }).get("a_1")).rejects.toMatchObject({ status: 403 });
    expect(api.seen).toHaveLength(2);
  });
});

describe("a call with a token", () => {
  const jobs = (token: () => string | Promise<string>) =>
    new JobsClient({ url: api.url, token, retries: { baseMs: 1, maxMs: 2 } });

  it("asks for the token at each try", async () => {
    api.answer = (_, response, count) => json(response, count === 1 ? 503 : 200, answeredJob("a_1"));
    let count = 0;
    await jobs(async () => `token-${++count}`).get("a_1");
    expect(api.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  it.each<[string, () => string | Promise<string>, object]>([
    ["throws", () => JSON.parse("{"), { code: "CredentialsFailed", cause: expect.any(SyntaxError) }],
    ["rejects", async () => await Promise.reject("logged out"), { code: "CredentialsFailed", cause: "logged out" }],
    ["gives nothing", () => undefined as never, { code: "CredentialsFailed", message: "the token is empty" }],
    ["gives what no header may have", () => "to\nken", { code: "InvalidSetting", message: expect.not.stringContaining("ken") }],
  ])("whose function %s fails at once", async (_, token, error) => {
    await expect(jobs(token).get("a_1")).rejects.toMatchObject({ name: "JobsApiError", ...error });
    expect(api.seen).toEqual([]);
  });

  it("ends with its signal while the token is waited for", async () => {
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const asked = Promise.withResolvers<void>();
    const get = jobs(async () => {
      asked.resolve();
      return await new Promise<string>(() => undefined);
    }).get("a_1", { signal: controller.signal });
    await asked.promise;
    controller.abort(reason);
    await expect(get).rejects.toBe(reason);
  });

  it("takes no signature beside it", () => {
    expect(() => new JobsClient({ url: api.url, token: "secret", iam: {} })).toThrow("iam and token are both given; give one");
  });
});
