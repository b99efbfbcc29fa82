import { describe, expect, it } from "vitest";
import { gatewayResult, httpResult } from "../../../local/aws/http-result.ts";

describe("the HTTP answer to a Lambda's result", () => {
  it("has its status, headers in lower case, and body", () => {
    const result = httpResult({ statusCode: 202, headers: { Location: "/jobs/1", "x-count": 3 }, body: "{}" });
    expect(result).toMatchObject({ status: 202, headers: { location: "/jobs/1", "x-count": "3" } });
    expect(result.body.toString()).toBe("{}");
  });

  it("decodes a body in base 64", () => {
    expect([...httpResult({ statusCode: 200, body: "AP8=", isBase64Encoded: true }).body]).toEqual([0, 255]);
  });

  it("sets one header for each cookie", () => {
    expect(httpResult({ statusCode: 200, cookies: ["a=1", "b=2"] }).headers["set-cookie"]).toEqual(["a=1", "b=2"]);
  });

  it("is a 200 with the result as JSON where that has no status code", () => {
    const result = httpResult({ hello: "world" });
    expect(result).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
    expect(result.body.toString()).toBe('{"hello":"world"}');
  });

  it.each([{ statusCode: "many" }, { statusCode: 42 }, { statusCode: 200, body: { not: "text" } }])(
    "is an internal server error for %j",
    (answer) => {
      expect(httpResult(answer)).toEqual(gatewayResult(500, "Internal Server Error"));
    },
  );
});
