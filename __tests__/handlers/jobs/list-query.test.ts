import { describe, expect, it } from "vitest";
import { ROUTES } from "../../../domain/routes.ts";
import { apiRequest } from "../../../handlers/http/event.ts";
import { LIST_PARAMETERS, readListQuery } from "../../../handlers/jobs/list-query.ts";
import { apiEvent } from "../api-event.ts";

function read(query: Record<string, string>) {
  return readListQuery(apiRequest(apiEvent("listJobs", { query })));
}

describe("the query of GET /jobs", () => {
  it("asks for 20 jobs where it does not say", () => {
    expect(read({})).toEqual({ type: undefined, status: undefined, limit: 20, cursor: undefined });
  });

  it("has the parameters that its route takes, each described", () => {
    expect(Object.keys(LIST_PARAMETERS)).toEqual(ROUTES.listJobs.query);
  });

  it("has every parameter", () => {
    const query = { type: "canary", status: "FAILED", limit: "100", cursor: "c" };
    expect(read(query)).toEqual({ ...query, limit: 100 });
  });

  it.each(["0", "101", "10000", "-1", "1.5", "abc", "", " 5", "1e1", "0x10", "10,20", "٣"])("refuses the limit %j", (limit) => {
    expect(() => read({ limit })).toThrow(
      expect.objectContaining({
        code: "InvalidRequest",
        details: {
          errors: [{ path: "?limit", message: `must be a whole number from 1 to 100, not ${JSON.stringify(limit)}` }],
        },
      }),
    );
  });

  it.each(["queued", "DONE", "", "QUEUED,FAILED", "constructor"])("refuses the status %j", (status) => {
    expect(() => read({ status })).toThrow(
      expect.objectContaining({ details: { errors: [expect.objectContaining({ path: "?status" })] } }),
    );
  });

  it("tells every error", () => {
    expect(() => read({ status: "DONE", limit: "0" })).toThrow(
      expect.objectContaining({
        details: { errors: [expect.objectContaining({ path: "?status" }), expect.objectContaining({ path: "?limit" })] },
      }),
    );
  });
});
