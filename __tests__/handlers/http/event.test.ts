import { describe, expect, it } from "vitest";
import { apiRequest, jsonResponse } from "../../../handlers/http/event.ts";
import { ADA, apiEvent } from "../api-event.ts";

describe("the principal of a request", () => {
  const assumed = "arn:aws:sts::123456789012:assumed-role/app";
  const event = apiEvent("listJobs", { principal: `${assumed}/session-1` });

  it("is whom its authorizer names", () => {
    expect(apiRequest(apiEvent("listJobs", { principal: ADA })).principal).toBe(`iam:${ADA}`);
    expect(apiRequest(apiEvent("listJobs", { principal: null })).principal).toBeUndefined();
  });

  it("is an assumed role, or its session where the environment says so", () => {
    expect(apiRequest(event).principal).toBe(`iam:${assumed}`);
    expect(apiRequest(event, "session").principal).toBe(`iam:${assumed}/session-1`);
  });
});

describe("a request", () => {
  it("has its headers by lower-case name", () => {
    const { headers } = apiRequest(apiEvent("addJob", { headers: { "Idempotency-Key": "k" } }));
    expect(headers.get("idempotency-key")).toBe("k");
  });

  it("has no parameters where API Gateway leaves them out", () => {
    expect(apiRequest(apiEvent("listJobs"))).toMatchObject({ query: new Map(), pathParameters: {} });
  });

  it("has every value of its parameters, decoded", () => {
    const event = { ...apiEvent("listJobs"), rawQueryString: "type=a%2Cb&type=c+d&cursor=x%3D%3D&empty" };
    expect([...apiRequest(event).query]).toEqual([
      ["type", ["a,b", "c d"]],
      ["cursor", ["x=="]],
      ["empty", [""]],
    ]);
  });
});

describe("a JSON response", () => {
  it("carries its content and its headers", () => {
    expect(jsonResponse(202, '{"id":"1"}', { location: "/jobs/1" })).toEqual({
      statusCode: 202,
      headers: { "content-type": "application/json", location: "/jobs/1" },
      body: '{"id":"1"}',
    });
  });
});
