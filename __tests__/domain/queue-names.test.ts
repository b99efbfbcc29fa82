import { describe, expect, it } from "vitest";
import { holdsDeadLettersOf, mayHoldDeadLettersOf, queueName, queueNames } from "../../domain/queue-names.ts";

const arn = (name: string) => `arn:aws:sqs:us-east-1:444455556666:${name}`;
const url = (name: string) => `https://sqs.us-east-1.amazonaws.com/444455556666/${name}`;
const names = (jobType: string, prefix = "jobs-prod") => queueNames(prefix, jobType);

describe("the queues of a job type", () => {
  it("are named for it", () => {
    expect(names("etl")).toEqual({ jobs: "jobs-prod-etl-jobs", deadLetters: "jobs-prod-etl-dead-letters" });
    expect([queueName(arn("jobs-prod-etl-jobs")), queueName(url("jobs-prod-etl-jobs"))]).toEqual([
      "jobs-prod-etl-jobs",
      "jobs-prod-etl-jobs",
    ]);
  });

  it("belong together", () => {
    for (const type of ["etl", "my-etl", "dead-letters", "jobs", "x-jobs"]) {
      expect(holdsDeadLettersOf(arn(names(type).deadLetters), url(names(type).jobs)), type).toBe(true);
    }
  });

  it.each([
    ["another type's", names("canary").deadLetters, names("etl").jobs],
    ["that of a type whose name ends alike", names("my-etl").deadLetters, names("etl").jobs],
    ["that of a type whose name is the end of its own", names("etl").deadLetters, names("my-etl").jobs],
    ["that of another environment", names("etl", "jobs-dev").deadLetters, names("etl").jobs],
    ["the queue of jobs itself", names("etl").jobs, names("etl").jobs],
    ["one of a queue that has another name than ours", "queue-dead-letters", "queue"],
  ])("do not with %s", (_, deadLetters, jobs) => {
    expect(holdsDeadLettersOf(arn(deadLetters), url(jobs))).toBe(false);
  });

  it("are told by the name alone of a type that is not registered", () => {
    expect(mayHoldDeadLettersOf(arn(names("etl").deadLetters), "etl")).toBe(true);
    expect(mayHoldDeadLettersOf(arn(names("canary").deadLetters), "etl")).toBe(false);
    expect(mayHoldDeadLettersOf(arn(names("etl").jobs), "etl")).toBe(false);
  });
});
