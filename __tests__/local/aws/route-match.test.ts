import { describe, expect, it } from "vitest";
import { matchRoute } from "../../../local/aws/route-match.ts";

const found = (method: string, path: string) => {
  const match = matchRoute(method, path);
  return match && { path: match.route.path, lambda: match.route.lambda, ...match.pathParameters };
};

describe("the route of a request", () => {
  it.each([
    ["POST", "/jobs", { path: "/jobs", lambda: "add-job" }],
    ["GET", "/jobs", { path: "/jobs", lambda: "query-job" }],
    ["GET", "/jobs/01J", { path: "/jobs/{id}", lambda: "query-job", id: "01J" }],
    ["POST", "/jobs/01J/cancel", { path: "/jobs/{id}/cancel", lambda: "cancel-job", id: "01J" }],
    ["GET", "/job-types", { path: "/job-types", lambda: "query-job" }],
  ])("of %s %s is found", (method, path, expected) => {
    expect(found(method, path)).toEqual(expected);
  });

  it.each([
    ["DELETE", "/jobs"],
    ["GET", "/"],
    ["GET", "/jobs/"],
    ["GET", "/jobs/01J/cancel"],
    ["POST", "/jobs/01J/cancel/now"],
  ])("does not exist for %s %s", (method, path) => {
    expect(found(method, path)).toBeUndefined();
  });

  it("decodes path parameters, a slash included", () => {
    expect(found("GET", "/jobs/a%2Fb%20c")).toMatchObject({ id: "a/b c" });
  });

  it("refuses a parameter that is no text", () => {
    expect(() => matchRoute("GET", "/jobs/%ff")).toThrow(URIError);
  });

  it("prefers literal segments to parameters", () => {
    const routes = [
      { method: "GET", path: "/jobs/{id}", lambda: "query-job" },
      { method: "GET", path: "/jobs/latest", lambda: "add-job" },
    ] as const;
    expect(matchRoute("GET", "/jobs/latest", routes)?.route.lambda).toBe("add-job");
  });
});
