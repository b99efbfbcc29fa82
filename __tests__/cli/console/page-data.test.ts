import { describe, expect, it } from "vitest";
import { errorOfAnswer } from "../../../cli/console/page/data/console-error.ts";
import { resultFiles } from "../../../cli/console/page/data/files.ts";
import { inTurn } from "../../../cli/console/page/data/in-turn.ts";
import { EMPTY_LIST, withFirstPage, withNextPage } from "../../../cli/console/page/data/job-list.ts";
import { logLine } from "../../../cli/console/page/data/log-line.ts";
import { storyOf } from "../../../cli/console/page/data/story.ts";
import type { Job } from "../../../cli/console/page/data/types.ts";

const job = (members: object): Job =>
  ({
    id: "etl_1",
    type: "etl",
    attempt: 0,
    maxAttempts: 3,
    owner: "iam:ada",
    createdAt: "2026-11-30T12:00:00Z",
    ...members,
  }) as Job;

describe("an answer that is none of success", () => {
  it.each([
    [403, { code: "TokenMissing", detail: "" }, /^This page belongs to an earlier start of the console/],
    [403, { message: "The security token included in the request is expired" }, /^Your credentials have expired/],
    [502, { code: "CredentialsFailed", detail: "Token is expired." }, /^Your credentials have expired/],
    [502, { code: "CredentialsFailed", detail: "no profile." }, /^Your credentials could not be read: no profile\.$/],
    [403, { message: "Forbidden" }, /^You may not do this: .*\(Forbidden\)\.$/],
    [404, { code: "JobNotFound", detail: "there is no such job" }, /^There is no such job\.$/],
    [
      400,
      { code: "InvalidRequest", detail: "wrong", errors: [{ path: "?tag", message: "must be key:value" }] },
      /\(\?tag: must be key:value\)\.$/,
    ],
    [500, undefined, /^Answered with 500\.$/],
  ])("%d %j is told in one sentence", (status, body, sentence) => {
    expect(errorOfAnswer(status, body).message).toMatch(sentence);
  });
});

describe("a list that was read", () => {
  const page = (...ids: string[]) => ({ items: ids.map((id) => ({ id }) as Job), cursor: "next" });
  const ids = ({ jobs }: { readonly jobs: readonly Job[] }): string => jobs.map(({ id }) => id).join("");

  it("grows by pages, and has each job once", () => {
    expect(ids(withNextPage(withNextPage(EMPTY_LIST, page("c", "b")), page("b", "a")))).toBe("cba");
  });

  it("of one page is replaced; of more, it gets what is new at its head", () => {
    const one = withNextPage(EMPTY_LIST, page("c", "b"));
    expect(ids(withFirstPage(one, page("d", "b")))).toBe("db");
    const two = withNextPage(one, { items: page("a").items });
    const read = withFirstPage(two, page("d", "c"));
    expect([ids(read), read.cursor, read.pages]).toEqual(["dcba", undefined, 2]);
  });
});

describe("the story of a job", () => {
  it("tells of the one that waits for its retry what was before", () => {
    const attempts = [
      {
        ...{ attempt: 1, startedAt: "2026-11-30T12:00:02Z", endedAt: "2026-11-30T12:00:14Z", outcome: "retry" },
        ...{ error: { code: "HandlerError", message: "no luck" }, worker: "w1", image: "etl:4f2a" },
      },
    ];
    const times = { startedAt: "2026-11-30T12:00:02Z", nextAttemptAt: "2026-11-30T12:01:00Z" };
    const steps = storyOf(job({ status: "QUEUED", attempt: 1, attempts, ...times }));
    expect(steps.map(({ title }) => title)).toEqual(["Waits for attempt 2 of 3", "Attempt 1 failed after 12 s", "Added"]);
    expect(steps[1]).toMatchObject({ kind: "failed", text: "HandlerError: no luck", details: "w1 · etl:4f2a" });
    expect(steps[2]).toMatchObject({ text: "waited 2 s for a worker", details: "by ada" });
  });

  it.each([
    [{ status: "QUEUED" }, "Waits for its first attempt"],
    [{ status: "RUNNING", attempt: 2 }, "Attempt 2 of 3 runs"],
    [
      { status: "SUCCEEDED", attempt: 1, startedAt: "2026-11-30T12:00:00Z", finishedAt: "2026-11-30T12:00:04Z" },
      "Succeeded in attempt 1, which took 4 s",
    ],
    [{ status: "FAILED", attempt: 0 }, "Failed"],
    [{ status: "CANCELLED" }, "Cancelled"],
  ])("of %j begins with its present", (members, title) => {
    expect(storyOf(job(members))[0]?.title).toBe(title);
  });
});

describe("what is read of a job", () => {
  it("is the files in its result, with links that lead to a server only", () => {
    const file = (key: string, url: string) => ({ bucket: "b", key, bytes: 5, contentType: "text/plain", url });
    const result = { report: file("r/report.pdf", "https://s3/1"), others: [file("r/x.txt", "javascript:alert(1)")], n: 1 };
    expect(resultFiles(job({ result }))).toMatchObject([
      { name: "report.pdf", url: "https://s3/1" },
      { name: "x.txt", url: undefined },
    ]);
  });

  it("is its log, line by line, whatever is in it", () => {
    const line = {
      level: "ERROR",
      message: "broken",
      timestamp: "2026-11-30T12:00:00Z",
      attempt: 2,
      stack: "at x",
      jobId: "etl_1",
    };
    expect(logLine(JSON.stringify(line))).toMatchObject({
      level: "ERROR",
      message: "broken",
      details: "attempt=2",
      stack: "at x",
    });
    expect(logLine("{broken").message).toBe("{broken");
    expect(logLine("[1]").message).toBe("[1]");
  });
});

describe("the same, done to many", () => {
  it("goes on past those that fail, and tells each reason once", async () => {
    const progress: number[] = [];
    const result = await inTurn(
      [1, 2, 3, 4, 5, 6],
      async (n) => {
        if (n % 2 === 0) throw new Error("it is even");
      },
      (ended) => progress.push(ended),
    );
    expect([result.done, [...result.failures], progress]).toEqual([3, [["it is even", 3]], [1, 2, 3, 4, 5, 6]]);
  });
});
