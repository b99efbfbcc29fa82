import { describe, expect, it } from "vitest";
import { API_ROUTES, apiRoutes } from "../../../cli/console/api-routes.ts";
import { ROUTES } from "../../../domain/routes.ts";

describe("what the console passes on", () => {
  it("is routes that the API has, with a body only where the API takes one", () => {
    const routes = Object.values(ROUTES).map(({ method, path, ...route }) => ({ method, path, body: "body" in route }));
    const passed = API_ROUTES.map(({ method, path, body = false }) => ({ method, path, body }));
    expect(routes).toEqual(expect.arrayContaining(passed));
  });

  it("is told by method and path", () => {
    expect(apiRoutes("/jobs/etl_01JCQ8N6V4W2X9Y7Z5T3R1P0MK/retry")).toEqual([{ method: "POST", path: "/jobs/{id}/retry" }]);
    expect(apiRoutes("/jobs")).toEqual([{ method: "GET", path: "/jobs" }]);
  });

  it.each([
    "",
    "/",
    "/jobs/",
    "/jobs/..",
    "/jobs/../job-types",
    "/jobs/%2e%2e",
    "/jobs/a%2Fb",
    "/jobs/a/b",
    "/jobs\n",
    "/jobs/a/why/",
    "/uploads",
    "/batches",
    "/openapi.json",
    "//example.com/jobs",
    `/jobs/${"a".repeat(201)}`,
  ])("is not %j", (path) => {
    expect(apiRoutes(path)).toEqual([]);
  });
});
