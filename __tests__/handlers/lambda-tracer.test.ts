import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { flushing, lambdaTracer } from "../../handlers/lambda-tracer.ts";
import { traceHeaders } from "../../handlers/trace-headers.ts";
import { CONTEXT } from "./api-under-test.ts";
import { recordedTelemetry } from "./recorded-telemetry.ts";

const SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:otlp-headers-AbCdEf";

/** Stands for Secrets Manager. */
let answer: string | undefined;
const asked: unknown[] = [];
const server = createServer(async (request, response) => {
  asked.push(JSON.parse(await text(request)));
  if (answer !== undefined) response.setHeader("content-type", "application/x-amz-json-1.1").end(answer);
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
beforeEach(() => {
  vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  asked.length = 0;
  return () => vi.unstubAllEnvs();
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("headers of exports", () => {
  it("are read from their secret", async () => {
    answer = JSON.stringify({ SecretString: "x-key=a%2Cb==, x-tenant=acme,nothing,=none" });
    expect(await traceHeaders(SECRET)).toEqual({ "x-key": "a,b==", "x-tenant": "acme" });
    expect(asked).toEqual([{ SecretId: SECRET }]);
  });

  it("are waited for a second at most, and a Lambda without them serves on without spans", async () => {
    answer = undefined;
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", "https://otlp.example.com");
    vi.stubEnv("JOBS_TRACE_HEADERS_SECRET_ARN", SECRET);
    const telemetry = recordedTelemetry();
    expect(await lambdaTracer(telemetry)).toBeUndefined();
    expect(telemetry.lines).toMatchObject([
      {
        level: "warn",
        attributes: { problem: expect.stringMatching(/^no spans are recorded, as their headers cannot be read/) },
      },
    ]);
  });

  it("are not asked for where no exporter is named", async () => {
    vi.stubEnv("JOBS_TRACE_HEADERS_SECRET_ARN", SECRET);
    expect(await lambdaTracer(recordedTelemetry())).toBeUndefined();
    expect(asked).toEqual([]);
  });
});

describe("a handler whose spans are sent", () => {
  it("answers, or fails, when they are, and is as it was where there are none", async () => {
    const done: string[] = [];
    const tracer = { start: () => expect.unreachable(), flush: async () => void done.push("flushed") };
    const handler = async (event: string) => {
      done.push(event);
      if (event === "bad") throw new Error("no");
      return event;
    };
    expect(await flushing(tracer, handler)("good", CONTEXT)).toBe("good");
    await expect(flushing(tracer, handler)("bad", CONTEXT)).rejects.toThrow("no");
    expect(done).toEqual(["good", "flushed", "bad", "flushed"]);
    expect(flushing(undefined, handler)).toBe(handler);
  });
});
