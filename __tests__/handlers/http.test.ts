import { describe, expect, it } from "vitest";
import { type ApiEvent, apiRequest, jsonResponse } from "../../handlers/http.ts";
import { apiEvent } from "./api-event.ts";

function principalWith(authorizer: ApiEvent["requestContext"]["authorizer"]): string | undefined {
  const event = apiEvent("listJobs");
  return apiRequest({ ...event, requestContext: { ...event.requestContext, ...(authorizer && { authorizer }) } }).principal;
}

describe("the principal of a request", () => {
  it("is the ARN that IAM authenticated", () => {
    expect(principalWith({ iam: { userArn: "arn:aws:iam::1:user/ada" } })).toBe("arn:aws:iam::1:user/ada");
  });

  it("is the subject of a JWT", () => {
    expect(principalWith({ jwt: { claims: { sub: "user-1", iss: "https://issuer.example" } } })).toBe("user-1");
  });

  it("is the principalId of a Lambda authorizer's context", () => {
    expect(principalWith({ lambda: { principalId: "service-1" } })).toBe("service-1");
  });

  it("is missing where an authorizer named none", () => {
    expect(principalWith({ iam: null, jwt: { claims: { sub: 7 } }, lambda: { principalId: "" } })).toBeUndefined();
    expect(apiRequest(apiEvent("listJobs", { principal: null })).principal).toBeUndefined();
    const event = apiEvent("listJobs");
    expect(apiRequest({ ...event, requestContext: { ...event.requestContext, authorizer: null } }).principal).toBeUndefined();
  });

  it("is nobody whose name the table could not keep as it is", () => {
    expect(principalWith({ jwt: { claims: { sub: "user-\ud800" } } })).toBeUndefined();
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
    expect(jsonResponse(202, { id: "1" }, { location: "/jobs/1" })).toEqual({
      statusCode: 202,
      headers: { "content-type": "application/json", location: "/jobs/1" },
      body: '{"id":"1"}',
    });
  });
});
