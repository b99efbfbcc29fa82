import { describe, expect, it } from "vitest";
import { type HttpRequest, httpEvent } from "../../../local/aws/http-event.ts";

const NOW = Date.parse("2026-03-12T19:03:58.000Z");

function request(overrides: Partial<Omit<HttpRequest, "headers">> & { headers?: Record<string, string[]> } = {}): HttpRequest {
  return {
    method: "POST",
    url: "/jobs",
    protocol: "HTTP/1.1",
    sourceIp: "127.0.0.1",
    body: Buffer.from("{}"),
    ...overrides,
    headers: new Map(Object.entries({ host: ["127.0.0.1:3000"], "content-type": ["application/json"], ...overrides.headers })),
  };
}

const event = (overrides: Parameters<typeof request>[0] = {}) =>
  httpEvent(request(overrides), { routeKey: "POST /jobs", pathParameters: {} }, NOW, "request-1");

describe("the event of a request", () => {
  it("has the fields of payload format 2.0", () => {
    expect(event({ headers: { "user-agent": ["curl/8"] } })).toEqual({
      version: "2.0",
      routeKey: "POST /jobs",
      rawPath: "/jobs",
      rawQueryString: "",
      headers: { host: "127.0.0.1:3000", "content-type": "application/json", "user-agent": "curl/8" },
      requestContext: {
        accountId: "000000000000",
        apiId: "local",
        authorizer: { iam: expect.objectContaining({ userArn: "local" }) },
        domainName: "127.0.0.1:3000",
        domainPrefix: "local",
        http: { method: "POST", path: "/jobs", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "curl/8" },
        requestId: "request-1",
        routeKey: "POST /jobs",
        stage: "$default",
        time: "12/Mar/2026:19:03:58 +0000",
        timeEpoch: NOW,
      },
      body: "{}",
      isBase64Encoded: false,
    });
  });

  it("joins repeated headers with commas", () => {
    expect(event({ headers: { "x-tag": ["a", "b"] } }).headers["x-tag"]).toBe("a,b");
  });

  it("lists cookies apart from the headers", () => {
    const { cookies, headers } = event({ headers: { cookie: ["a=1; b=2", "c=3"] } });
    expect(cookies).toEqual(["a=1", "b=2", "c=3"]);
    expect(headers.cookie).toBeUndefined();
  });

  it("keeps the raw query, and gives its parameters decoded and repeated ones joined", () => {
    const { rawPath, rawQueryString, queryStringParameters } = event({ url: "/jobs?type=a&type=b&cursor=x%3D%3D&empty=" });
    expect(rawPath).toBe("/jobs");
    expect(rawQueryString).toBe("type=a&type=b&cursor=x%3D%3D&empty=");
    expect(queryStringParameters).toEqual({ type: "a,b", cursor: "x==", empty: "" });
  });

  it("takes the principal from its header", () => {
    const { requestContext } = event({ headers: { "x-local-principal": ["arn:aws:iam::1:user/ann"] } });
    expect(requestContext.authorizer.iam.userArn).toBe("arn:aws:iam::1:user/ann");
  });

  it.each(["application/json; charset=utf-8", "text/plain", "application/problem+json", "application/xml"])(
    "passes a body of type %s as text",
    (type) => {
      const { body, isBase64Encoded } = event({ headers: { "content-type": [type] }, body: Buffer.from("grün") });
      expect({ body, isBase64Encoded }).toEqual({ body: "grün", isBase64Encoded: false });
    },
  );

  it.each(["application/octet-stream", "application/x-www-form-urlencoded", "image/svg"])(
    "passes a body of type %s in base 64",
    (type) => {
      const { body, isBase64Encoded } = event({ headers: { "content-type": [type] }, body: Buffer.from([0, 255]) });
      expect({ body, isBase64Encoded }).toEqual({ body: "AP8=", isBase64Encoded: true });
    },
  );

  it("has no body where the request has none", () => {
    expect(event({ body: Buffer.alloc(0), headers: { "content-type": ["image/png"] } })).toMatchObject({
      isBase64Encoded: false,
    });
    expect(event({ body: Buffer.alloc(0) })).not.toHaveProperty("body");
  });
});
