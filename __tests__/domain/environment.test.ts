import { describe, expect, it } from "vitest";
import { readEnvironment } from "../../domain/environment.ts";
import { SettingsError } from "../../domain/errors.ts";

const WORKER = {
  JOBS_TABLE_NAME: "jobs",
  JOB_TYPES_TABLE_NAME: "job-types",
  JOB_EVENTS_TOPIC_ARN: "arn:aws:sns:us-east-1:000000000000:job-events",
  JOB_RESULTS_BUCKET: "results",
  JOB_TYPE: "canary",
  JOB_QUEUE_URL: "http://127.0.0.1/jobs",
};

describe("settings from environment variables", () => {
  it("are those that were asked for, and no others", () => {
    expect(readEnvironment(["jobsTableName", "queueUrl"], WORKER)).toEqual({
      jobsTableName: "jobs",
      queueUrl: "http://127.0.0.1/jobs",
    });
  });

  it("are read from every variable of the contract", () => {
    const settings = readEnvironment(
      ["jobsTableName", "jobTypesTableName", "eventsTopicArn", "resultsBucket", "jobType", "queueUrl"],
      WORKER,
    );
    expect(Object.values(settings)).toEqual(Object.values(WORKER));
  });

  it("name the variable that is missing, and what it should hold", () => {
    expect(() => readEnvironment(["jobsTableName", "jobType"], { JOBS_TABLE_NAME: "jobs" })).toThrow(
      new SettingsError("environment variable JOB_TYPE", undefined, "the name of the job type that this worker runs"),
    );
  });

  it("may not be empty", () => {
    expect(() => readEnvironment(["resultsBucket"], { JOB_RESULTS_BUCKET: "" })).toThrow(
      'environment variable JOB_RESULTS_BUCKET is ""; allowed: the name of the results bucket',
    );
  });
});
