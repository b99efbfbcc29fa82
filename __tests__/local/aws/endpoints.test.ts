import { describe, expect, it } from "vitest";
import { awsEnvironment, configuredEndpoints } from "../../../local/aws/endpoints.ts";

const EMULATED = {
  sqs: "http://127.0.0.1:1",
  sns: "http://127.0.0.1:1",
  s3: "http://127.0.0.1:1",
  dynamodb: "http://127.0.0.1:2",
};

describe("the endpoints that the user set", () => {
  it("are none by default", () => {
    expect(configuredEndpoints({ AWS_ENDPOINT_URL: "" })).toEqual({});
  });

  it("are one for all services, or one for each", () => {
    expect(configuredEndpoints({ AWS_ENDPOINT_URL: "http://all:4566/", AWS_ENDPOINT_URL_DYNAMODB: "http://db:8000" })).toEqual({
      sqs: "http://all:4566",
      sns: "http://all:4566",
      s3: "http://all:4566",
      dynamodb: "http://db:8000",
    });
  });
});

describe("the SDK's environment of Lambdas and workers", () => {
  it("names every endpoint, ours for ECS, and fake credentials", () => {
    expect(awsEnvironment(EMULATED, "http://127.0.0.1:3", {})).toMatchObject({
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_ENDPOINT_URL_SQS: "http://127.0.0.1:1",
      AWS_ENDPOINT_URL_SNS: "http://127.0.0.1:1",
      AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1",
      AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:2",
      AWS_ENDPOINT_URL_ECS: "http://127.0.0.1:3",
    });
  });

  it("holds nothing of the user's AWS settings where all is emulated, and of the shell only what a container has, and choices", () => {
    const environment = awsEnvironment(EMULATED, "http://127.0.0.1:3", {
      PATH: "/bin",
      AWS_PROFILE: "production",
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "real",
      AWS_SESSION_TOKEN: "real",
      DB_PASSWORD: "of the shell",
      NODE_OPTIONS: "--inspect",
      JOBS_ACCESS: "owner",
    });
    expect(environment).toMatchObject({
      PATH: "/bin",
      JOBS_ACCESS: "owner",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
    });
    expect(environment).not.toHaveProperty("AWS_PROFILE");
    expect(environment).not.toHaveProperty("AWS_SESSION_TOKEN");
    expect(environment).not.toHaveProperty("DB_PASSWORD");
    expect(environment).not.toHaveProperty("NODE_OPTIONS");
  });

  it("keeps the user's region and credentials where an endpoint is the user's", () => {
    const environment = awsEnvironment({ ...EMULATED, dynamodb: "http://db:8000" }, "http://127.0.0.1:3", {
      AWS_ENDPOINT_URL_DYNAMODB: "http://db:8000",
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "theirs",
      AWS_SECRET_ACCESS_KEY: "theirs",
    });
    expect(environment).toMatchObject({
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "theirs",
      AWS_ENDPOINT_URL_DYNAMODB: "http://db:8000",
      AWS_ENDPOINT_URL_SQS: "http://127.0.0.1:1",
    });
  });
});
