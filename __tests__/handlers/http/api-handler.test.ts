import { describe, expect, it } from "vitest";
import { BatchEntryError } from "../../../domain/batcher.ts";
import { type Answer, apiHandler } from "../../../handlers/http/api-handler.ts";
import { jsonResponse } from "../../../handlers/http/event.ts";
import { Problem } from "../../../handlers/http/problem.ts";
import { apiEvent } from "../api-event.ts";
import { CONTEXT, caller } from "../api-under-test.ts";
import { recordedTelemetry } from "../recorded-telemetry.ts";

async function answerWith(answer: Answer) {
  const telemetry = recordedTelemetry();
  return { ...(await caller(apiHandler({ listJobs: answer }, telemetry))("listJobs")), telemetry };
}

const failing = (error: unknown) => answerWith(async () => Promise.reject(error));

describe("a Lambda of the API", () => {
  it("answers with what its operation says, uncached and unsniffed", async () => {
    expect(await answerWith(async () => jsonResponse(200, '{"items":[]}'))).toMatchObject({
      status: 200,
      headers: { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff" },
      body: { items: [] },
    });
  });

  it("answers 404 for a route that is not its own", async () => {
    const handler = apiHandler({ listJobs: async () => jsonResponse(200, "{}") }, recordedTelemetry());
    expect(await caller(handler)("addJob")).toMatchObject({ status: 404, body: { code: "RouteNotFound" } });
    expect(await handler({ ...apiEvent("addJob"), routeKey: "$default" }, CONTEXT)).toMatchObject({ statusCode: 404 });
  });

  it("answers 400 for what its operation does not take, and does not begin it", async () => {
    const handler = apiHandler({ listJobs: async () => expect.unreachable() }, recordedTelemetry());
    expect(await caller(handler)("listJobs", { query: { offset: "1" }, body: "[]" })).toMatchObject({
      status: 400,
      headers: { "content-type": "application/problem+json" },
      body: {
        code: "InvalidRequest",
        errors: [
          {
            path: "?offset",
            message: "is not a parameter of this call; it takes type, status, tag, createdAfter, createdBefore, limit, cursor",
          },
          { path: "", message: "must be absent or {}: this call takes no body" },
        ],
      },
    });
  });

  it("answers a problem as RFC 9457 has it", async () => {
    const errors = [{ path: "/a", message: "is required" }];
    expect(await failing(new Problem("InvalidRequest", "no", { errors }))).toMatchObject({
      status: 400,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: { type: "about:blank", title: "Bad Request", status: 400, code: "InvalidRequest", detail: "no", errors },
    });
  });

  it("tells at most 100 errors, with short paths", async () => {
    const errors = Array.from({ length: 500 }, () => ({ path: "/x".repeat(1_000), message: "no" }));
    const { body } = await failing(new Problem("InvalidInput", "no", { errors }));
    expect(body.errors).toHaveLength(100);
    expect(body.errors[0].path).toHaveLength(256);
  });

  it("shows nothing of what broke inside, but logs it", async () => {
    const error = new TypeError("cannot read table jobs-prod of undefined");
    const { status, body, telemetry } = await failing(error);
    expect({ status, code: body.code }).toEqual({ status: 500, code: "InternalError" });
    expect(JSON.stringify(body)).not.toMatch(/jobs-prod|TypeError|\.ts|at /);
    expect(telemetry.lines).toEqual([
      { level: "error", message: "request failed", attributes: { route: "GET /jobs", code: "InternalError", error } },
    ]);
    expect(telemetry.counted).toEqual([["RequestsRejected", { code: "InternalError" }]]);
  });

  it("survives a thrown value that is no error", async () => {
    expect(await failing("oops")).toMatchObject({ status: 500 });
    expect(await failing(undefined)).toMatchObject({ status: 500 });
  });

  it.each([
    Object.assign(new Error("slow down"), { name: "ProvisionedThroughputExceededException" }),
    Object.assign(new Error("no answer"), { name: "TimeoutError" }),
    Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }),
    Object.assign(new Error("oops"), { name: "Odd", $metadata: { httpStatusCode: 502 } }),
    new BatchEntryError({ code: "ThrottlingException", message: "slow down", senderFault: false }),
  ])("asks to try again after %s", async (error) => {
    expect(await failing(error)).toMatchObject({ status: 503, headers: { "retry-after": "2" }, body: { code: "Unavailable" } });
  });

  it("does not ask to try again what cannot help", async () => {
    const denied = Object.assign(new Error("denied"), { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } });
    expect(await failing(denied)).toMatchObject({ status: 500 });
  });
});
