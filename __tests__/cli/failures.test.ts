import { describe, expect, it } from "vitest";
import { json, standInApi } from "../client/stand-in-api.ts";
import { runCli } from "./run-cli.ts";

/** Whatever goes wrong is one sentence, and a code. */

const api = await standInApi();
const ID = "canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK";
const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret", AWS_REGION: "eu-central-1" };
const failed = async (args: readonly string[], env: NodeJS.ProcessEnv = { JOBS_API_URL: api.url }) => {
  const { code, stdout, stderr } = await runCli(args, { env });
  expect(stdout).toBe("");
  return { code, stderr };
};

describe("wrong usage ends with 2", () => {
  it.each([
    [["gte", ID], "jobs: unknown command 'gte'\n(Did you mean get?)\n"],
    [["get", ID, "--jsno"], "jobs: unknown option '--jsno'\n(Did you mean --json?)\n"],
    [["get"], "jobs: missing required argument 'id'\n"],
    [
      ["list", "--status", "DONE"],
      /^jobs: option '--status <status>' argument 'DONE' is invalid\. Allowed: QUEUED, RUNNING, .*\n$/,
    ],
    [
      ["list", "--created-after", "yesterday"],
      /^jobs: option '--created-after <time>' argument 'yesterday' is invalid\. Allowed: .*\n$/,
    ],
    [["list", "--tag", "team"], 'jobs: --tag is "team"; allowed: key:value, such as team:docs\n'],
    [["add", "canary", "--input", "{op:1}"], /^jobs: --input is not JSON: .*\n$/],
    [["add", "canary", "--input", "@missing.json"], "jobs: --input names missing.json, which cannot be read: ENOENT\n"],
    [["add", "canary", "--file", "data=missing.csv"], "jobs: --file data names missing.csv, which cannot be read: ENOENT\n"],
    [["add", "canary", "--delay", "1h", "--run-at", "2h"], "jobs: --delay and --run-at are both given; give one\n"],
    [
      ["add", "canary", "--traceparent", "00-abc"],
      /^jobs: option '--traceparent <value>' argument '00-abc' is invalid\. Allowed: a W3C traceparent, .*\n$/,
    ],
    [["status", "--hours", "73"], /^jobs: option '--hours <n>' argument '73' is invalid\. Allowed: .* from 1 to 72\n$/],
    [["status", "--hours", "2", "--watch"], "jobs: --hours and --watch are both given; give one\n"],
    [["cancel"], "jobs: no job is named: give IDs, or filters such as --type and --status\n"],
    [["cancel", ID, "--type", "canary"], "jobs: IDs and filters are both given; give IDs, or filters\n"],
    [["cancel", "--status", "FAILED"], "jobs: jobs that are FAILED have ended; --status may be QUEUED or RUNNING\n"],
    [["get", `canary_batch_${ID.slice(7)}`], /^jobs: canary_batch_\w+ is a batch; see jobs batch --help\n$/],
    [["batch", "add", "canary", "--inputs", "[]"], "jobs: --inputs has nothing in it; allowed: 1 to 300\n"],
    [["completion", "tcsh"], 'jobs: there is no completion for "tcsh"; allowed: bash, zsh, fish\n'],
    [["get", ID, "--api", "localhost"], /^jobs: url is "localhost"; give the API's address, starting with https:\/\/\n$/],
  ])("%j", async (args, said) => {
    const { code, stderr } = await failed(args);
    expect(stderr).toMatch(typeof said === "string" ? new RegExp(`^${said.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) : said);
    expect(code).toBe(2);
  });

  it("without a verb, the help says which there are", async () => {
    const { code, stderr } = await failed([]);
    expect(code).toBe(2);
    expect(stderr).toContain("Usage: jobs [options] [command]");
  });
});

describe("an API that is not reached ends with 3", () => {
  it("says that none is named", async () => {
    const { code, stderr } = await failed(["get", ID], {});
    expect(stderr).toMatch(/^jobs: no API is named, and no platform runs on this machine: .*\n$/);
    expect(code).toBe(3);
  });

  it("says where nobody listens", async () => {
    const { code, stderr } = await failed(["get", ID], { JOBS_API_URL: "http://127.0.0.1:1" });
    expect(stderr).toMatch(/^jobs: http:\/\/127\.0\.0\.1:1 was not reached: .*(bad port|ECONNREFUSED).*\n$/);
    expect(code).toBe(3);
  });

  it("says that there are no credentials", async () => {
    const url = "https://abc123.execute-api.eu-central-1.amazonaws.com";
    const { code, stderr } = await failed(["get", ID], { JOBS_API_URL: url, HOME: "/nowhere" });
    expect(stderr).toMatch(/^jobs: credentials or token could not be had: .*\. Log in again, .*\n$/);
    expect(code).toBe(3);
  });
});

describe("what the API refuses ends with 1", () => {
  it("a job that there is not", async () => {
    api.answer = (_, response) => json(response, 404, { code: "JobNotFound", detail: `there is no job ${ID}.` });
    const { code, stderr } = await failed(["get", ID]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `jobs: JobNotFound: there is no job ${ID}\n` });
  });

  it("a type that there is not, in the words of the command", async () => {
    const detail = 'there is no job type "canari"; GET /job-types lists those there are';
    api.answer = (_, response) => json(response, 404, { code: "UnknownJobType", detail });
    const { code, stderr } = await failed(["add", "canari"]);
    expect(code).toBe(1);
    expect(stderr).toBe('jobs: UnknownJobType: there is no job type "canari"; jobs types lists those there are\n');
  });

  it.each([
    [{ message: "The security token included in the request is expired" }, /refused your credentials, as they have expired/],
    [
      { message: "User: arn:aws:iam::1:user/ada is not authorized to perform: execute-api:Invoke" },
      /your role lacks execute-api:Invoke/,
    ],
    [{ message: "The security token included in the request is invalid" }, /refused your credentials \(.*\)\. See who you are/],
  ])("a caller: %j", async (body, said) => {
    api.answer = (_, response) => json(response, 403, body);
    const { code, stderr } = await failed(["get", ID]);
    expect(stderr).toMatch(said);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
  });
});

describe("who calls", () => {
  it("is said by a token, by AWS credentials, or on one machine by a name", async () => {
    api.answer = (_, response) => json(response, 200, { items: [] });
    await runCli(["types"], { env: { JOBS_API_URL: api.url, JOBS_TOKEN: "t0ken" } });
    expect(api.seen.at(-1)!.headers.authorization).toBe("Bearer t0ken");
    await runCli(["types"], { env: { JOBS_API_URL: api.url, JOBS_LOCAL_PRINCIPAL: "ada" } });
    expect(api.seen.at(-1)!.headers).toMatchObject({ "x-local-principal": "ada" });
    // Leads to this machine as well, and is no name of it: so the call is signed.
    const elsewhere = api.url.replace("127.0.0.1", "0.0.0.0");
    await runCli(["types", "--api", elsewhere], { env: keys });
    expect(api.seen.at(-1)!.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d+\/eu-central-1\/execute-api\//,
    );
  });
});
