import { describe, expect, it } from "vitest";
import { apiRequest } from "../../handlers/http.ts";
import { readListQuery } from "../../handlers/list-query.ts";
import { apiEvent } from "./api-event.ts";

function read(query: Record<string, string>) {
  return readListQuery(apiRequest(apiEvent("listJobs", { query })));
}

describe("the query of GET /jobs", () => {
  it("asks for 20 jobs where it does not say", () => {
    expect(read({})).toEqual({ type: undefined, status: undefined, limit: 20, cursor: undefined });
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

  it("refuses unknown parameters, and tells every error", () => {
    expect(() => read({ offset: "1", toString: "x", limit: "0" })).toThrow(
      expect.objectContaining({
        details: {
          errors: [
            expect.objectContaining({ path: "?offset" }),
            expect.objectContaining({ path: "?toString" }),
            expect.objectContaining({ path: "?limit" }),
          ],
        },
      }),
    );
  });
});
