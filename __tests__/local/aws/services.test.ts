import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServices } from "../../../local/aws/services.ts";

const server = createServer((_, response) => response.writeHead(400).end());
let answering: string;
let silent: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  answering = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  silent = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
  await new Promise((resolve) => gone.close(resolve));
});

afterAll(() => server.close());

describe("the services of a platform", () => {
  it("are the user's where all are, and nothing is started in their place", async () => {
    const services = await startServices({ AWS_ENDPOINT_URL: answering }, "unused.log");
    expect(services).toEqual({
      endpoints: { sqs: answering, sns: answering, s3: answering, dynamodb: answering },
      emulators: undefined,
    });
  });

  it("are refused by the variable where nothing answers", async () => {
    await expect(startServices({ AWS_ENDPOINT_URL: answering, AWS_ENDPOINT_URL_DYNAMODB: silent }, "unused.log")).rejects.toThrow(
      `nothing answers at ${silent}, which AWS_ENDPOINT_URL_DYNAMODB names; start what should, or unset the variable to have an emulator`,
    );
  });

  it("know each other: SQS and SNS are both the user's, or neither", async () => {
    await expect(startServices({ AWS_ENDPOINT_URL_SQS: answering }, "unused.log")).rejects.toThrow(
      "set AWS_ENDPOINT_URL_SQS and AWS_ENDPOINT_URL_SNS, or neither",
    );
  });
});
