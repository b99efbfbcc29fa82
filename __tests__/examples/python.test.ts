import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { answeredJob, json, standInApi } from "../client/stand-in-api.ts";
import { hasPython } from "../support/programs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const api = await standInApi();

/** Runs lines after `jobs` is there, and gives what they print. Pauses before another try are short. */
async function python(...lines: readonly string[]): Promise<string> {
  const head = ["import jobs_client", "from jobs_client import Jobs, JobsApiError", `jobs = Jobs("${api.url}/")`];
  const program = [...head, "jobs_client.BASE_SECONDS = 0.001", ...lines].join("\n");
  const env = { ...process.env, PYTHONPATH: "examples/python", PYTHONDONTWRITEBYTECODE: "1", NO_PROXY: "127.0.0.1" };
  return (await promisify(execFile)("python3", ["-c", program], { env })).stdout.trim();
}

/** Prints an error's code and status, and whether it has a message. */
const failing = (call: string): string[] => [
  "try:",
  `    ${call}`,
  "except JobsApiError as error:",
  "    print(error.code, error.status, error)",
];

describe.runIf(hasPython())("the caller in Python", () => {
  it("tries again under one key where the API is overloaded or gone, and as late as it asks", async () => {
    api.answer = (_, response, count) => {
      if (count === 1) json(response, 429, { message: "Too Many Requests" });
      else if (count === 2) response.destroy();
      else if (count === 3) json(response, 503, { code: "Unavailable", detail: "busy" }, { "retry-after": "1" });
      else json(response, 202, answeredJob("a_1"));
    };
    expect(await python('print(jobs.add("a", {"month": "ü"}, tags={"team": "docs"})["id"])')).toBe("a_1");
    expect(new Set(api.seen.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    expect(api.seen.map(({ body }) => JSON.parse(body))).toEqual(
      new Array(4).fill({ type: "a", input: { month: "ü" }, tags: { team: "docs" } }),
    );
    expect(api.seen[3]!.at - api.seen[2]!.at).toBeGreaterThanOrEqual(1_000);
  });

  it.each([
    [
      422,
      { code: "InvalidInput", detail: "the input is wrong" },
      1,
      "InvalidInput 422 GET /jobs/a_1 was answered with 422 InvalidInput: the input is wrong",
    ],
    [
      400,
      {
        code: "InvalidRequest",
        detail: "wrong shape",
        errors: ["a", "b", "c", "d"].map((path) => ({ path, message: "is wrong" })),
      },
      1,
      "InvalidRequest 400 GET /jobs/a_1 was answered with 400 InvalidRequest: wrong shape (a is wrong; b is wrong; c is wrong; and 1 more)",
    ],
    [403, { message: "Forbidden" }, 1, "GatewayError 403 GET /jobs/a_1 was answered with 403 GatewayError: Forbidden"],
    [
      500,
      { code: "InternalError", detail: "broken" },
      1,
      "InternalError 500 GET /jobs/a_1 was answered with 500 InternalError: broken",
    ],
    [503, { code: "Unavailable", detail: "busy" }, 5, "Unavailable 503 GET /jobs/a_1 was answered with 503 Unavailable: busy"],
    [502, "Bad Gateway", 1, 'UnexpectedAnswer 502 GET /jobs/a_1 was answered with 502 UnexpectedAnswer: "Bad Gateway"'],
  ])("tells of a %d %j after %d tries", async (status, body, tries, told) => {
    api.answer = (_, response) => json(response, status, body);
    expect(await python(...failing('jobs.get("a_1")'))).toBe(told);
    expect(api.seen).toHaveLength(tries);
  });

  it("tells of what is no JSON", async () => {
    api.answer = (_, response) => void response.writeHead(200).end("<html>Log in</html>");
    expect(await python(...failing('jobs.get("a_1")'))).toBe("UnexpectedAnswer 200 GET /jobs/a_1 was not answered in JSON");
    expect(api.seen).toHaveLength(1);
  });

  it("follows no address to another, which would make a GET of a POST", async () => {
    api.answer = (_, response) => void response.writeHead(301, { location: `${api.url}/v2/jobs` }).end();
    expect(await python(...failing('jobs.add("a", {})'))).toMatch(/^UnexpectedAnswer 301 /);
    expect(api.seen).toHaveLength(1);
  });

  it("tells of no answer after the last try", async () => {
    api.answer = (_, response) => void response.destroy();
    expect(await python(...failing('jobs.cancel("a_1")'))).toMatch(/^NetworkError None POST \/jobs\/a_1\/cancel got no answer: /);
    expect(api.seen).toHaveLength(5);
  });

  it("sends datetimes with their time zone, and refuses those without one", async () => {
    api.answer = (_, response, count) => json(response, 200, count === 1 ? answeredJob("a_1") : { items: [] });
    const time = "datetime(2026, 12, 24, 18, tzinfo=timezone(timedelta(hours=1)))";
    const naive = failing('jobs.add("a", {}, runAt=datetime(2026, 12, 24, 18))');
    const head = "from datetime import datetime, timedelta, timezone";
    const told = await python(head, `jobs.add("a", {}, runAt=${time})`, `list(jobs.list(createdAfter=${time}))`, ...naive);
    expect(JSON.parse(api.seen[0]!.body)).toMatchObject({ runAt: "2026-12-24T18:00:00+01:00" });
    expect(api.seen[1]!.url).toBe("/jobs?createdAfter=2026-12-24T18%3A00%3A00%2B01%3A00&limit=100");
    expect(told).toMatch(/^InvalidSetting None 2026-12-24 18:00:00 has no time zone; /);
    expect(api.seen).toHaveLength(2);
  });

  it("waits until a job has ended, and lists page after page", async () => {
    const pages = [{ items: [answeredJob("a_1")], cursor: "c 1" }, { items: [answeredJob("a_2")] }];
    api.answer = ({ url }, response, count) => {
      if (url.startsWith("/jobs/")) json(response, 200, answeredJob("a_1", count === 1 ? "RUNNING" : "FAILED"));
      else json(response, 200, pages[count - 3]);
    };
    const list = 'print([job["id"] for job in jobs.list(tag=["a:b c", "d:&"], status="FAILED")])';
    expect(await python('print(jobs.wait("a_1")["status"])', list)).toBe("FAILED\n['a_1', 'a_2']");
    const query = "/jobs?tag=a%3Ab%20c&tag=d%3A%26&status=FAILED&limit=100";
    expect(api.seen.map(({ url }) => url)).toEqual([
      "/jobs/a_1?waitSeconds=25",
      "/jobs/a_1?waitSeconds=25",
      query,
      `${query}&cursor=c%201`,
    ]);
  });

  it("sends a file as it is, and is done where only the answer to an earlier try was lost", async () => {
    const file = path.join(await temporaryFolder("python"), "data.csv");
    await writeFile(file, "a,b\n1,2\n");
    api.answer = ({ method }, response, count) => {
      if (method === "PUT") return count === 2 ? void response.destroy() : void response.writeHead(412).end();
      const headers = { "content-length": "8", "content-type": "text/csv", "if-none-match": "*" };
      json(response, 201, { upload: "01JCQ8N6V4W2X9Y7Z5T3R1P0MK", url: `${api.url}/bucket/data?X-Amz-Signature=abc`, headers });
    };
    expect(await python(`print(jobs.upload("etl", "data", ${JSON.stringify(file)}, "text/csv"))`)).toBe(
      "01JCQ8N6V4W2X9Y7Z5T3R1P0MK",
    );
    const [asked, ...puts] = api.seen;
    expect(JSON.parse(asked!.body)).toEqual({ type: "etl", name: "data", bytes: 8, contentType: "text/csv" });
    expect(puts).toMatchObject(
      new Array(2).fill({
        method: "PUT",
        body: "a,b\n1,2\n",
        headers: { "content-length": "8", "content-type": "text/csv", "if-none-match": "*" },
      }),
    );
    expect(puts[0]!.headers).not.toHaveProperty("transfer-encoding");
  });

  it("tells at once of a file that is not there", async () => {
    const lines = [
      "try:",
      '    jobs.upload("etl", "data", "no-such-file")',
      "except FileNotFoundError:",
      '    print("not found")',
    ];
    expect(await python(...lines)).toBe("not found");
    expect(api.seen).toEqual([]);
  });
});
