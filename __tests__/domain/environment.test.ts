import { describe, expect, it } from "vitest";
import {
  CONTAINER_SETTINGS,
  environmentVariables,
  LAMBDA_SETTINGS,
  METRICS_NAMESPACE,
  metricsNamespace,
  protectionIdleSeconds,
  readChoice,
  readEnvironment,
} from "../../domain/environment.ts";
import { SettingsError } from "../../domain/errors.ts";

const ALL = {
  JOBS_TABLE_NAME: "jobs",
  JOB_TYPES_TABLE_NAME: "job-types",
  JOB_EVENTS_TOPIC_ARN: "arn:aws:sns:us-east-1:000000000000:job-events",
  JOB_RESULTS_BUCKET: "results",
  JOB_TYPE: "canary",
  JOB_QUEUE_URL: "http://127.0.0.1/jobs",
  JOB_IMAGE: "0123456789ab",
  JOBS_ACCESS: "owner",
  JOBS_ASSUMED_ROLE_OWNER: "session",
  JOBS_CANARY: "safe",
  POWERTOOLS_METRICS_NAMESPACE: "Jobs/prod",
};

describe("settings from environment variables", () => {
  it("are those that were asked for, and no others", () => {
    expect(readEnvironment(["jobsTableName", "queueUrl"], ALL)).toEqual({
      jobsTableName: "jobs",
      queueUrl: "http://127.0.0.1/jobs",
    });
  });

  it("come back as they were written", () => {
    const settings = readEnvironment([...LAMBDA_SETTINGS, ...CONTAINER_SETTINGS], ALL);
    expect(environmentVariables(settings)).toEqual(ALL);
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

describe("a setting with few values", () => {
  const SETTINGS = [
    ["access", "JOBS_ACCESS", ["account", "owner"]],
    ["assumedRoleOwner", "JOBS_ASSUMED_ROLE_OWNER", ["role", "session"]],
    ["canary", "JOBS_CANARY", ["full", "safe"]],
  ] as const;

  it.each(SETTINGS)("%s is one of them, the first where %s is not set", (setting, variable, values) => {
    for (const value of values) expect(readChoice(setting, { [variable]: value })).toBe(value);
    expect(readChoice(setting, {})).toBe(values[0]);
  });

  it.each(SETTINGS)("%s is not guessed", (setting, variable, values) => {
    for (const value of ["", "off", "true", values[0].toUpperCase()]) {
      expect(() => readChoice(setting, { [variable]: value })).toThrow(
        `environment variable ${variable} is ${JSON.stringify(value)}; allowed: "${values[0]}" or "${values[1]}"`,
      );
    }
  });
});

describe("how long a task without a job is protected", () => {
  it("is a number of seconds, where somebody says", () => {
    expect(protectionIdleSeconds({})).toBeUndefined();
    expect(protectionIdleSeconds({ JOB_PROTECTION_IDLE_SECONDS: "0.5" })).toBe(0.5);
    for (const text of ["0", "-1", "soon"]) {
      expect(() => protectionIdleSeconds({ JOB_PROTECTION_IDLE_SECONDS: text })).toThrow(
        `environment variable JOB_PROTECTION_IDLE_SECONDS is "${text}"; allowed: a number of seconds, more than 0`,
      );
    }
  });
});

describe("the namespace of metrics", () => {
  it("is the environment's, or the same for all on one machine", () => {
    expect(metricsNamespace(ALL)).toBe("Jobs/prod");
    expect(metricsNamespace({})).toBe(METRICS_NAMESPACE);
  });
});
