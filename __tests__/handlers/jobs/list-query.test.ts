import { describe, expect, it } from "vitest";
import { ROUTES } from "../../../domain/routes.ts";
import { apiRequest } from "../../../handlers/http/event.ts";
import { LIST_PARAMETERS, readListQuery } from "../../../handlers/jobs/list-query.ts";
import { apiEvent, type RequestParts } from "../api-event.ts";

function read(query: NonNullable<RequestParts["query"]>) {
  return readListQuery(apiRequest(apiEvent("listJobs", { query })));
}

describe("the query of GET /jobs", () => {
  it("asks for 20 jobs where it does not say", () => {
    expect(read({})).toEqual({ type: undefined, filters: {}, limit: 20, cursor: undefined });
  });

  it("has the parameters that its route takes, each described", () => {
    expect(Object.keys(LIST_PARAMETERS)).toEqual(ROUTES.listJobs.query);
  });

  it("has every parameter", () => {
    const query: [string, string][] = [
      ...([
        ["type", "canary"],
        ["status", "FAILED"],
        ["status", "CANCELLED"],
        ["status", "FAILED"],
      ] as [string, string][]),
      ...([
        ["tag", "customer:acme"],
        ["tag", "arn:aws:s3:::b"],
        ["tag", "empty:"],
        ["limit", "100"],
      ] as [string, string][]),
      ...([
        ["createdAfter", "2026-11-02T09:00:00+05:30"],
        ["createdBefore", "2026-11-02T09:00:00.123456Z"],
      ] as [string, string][]),
      ["cursor", "c"],
    ];
    expect(read(query)).toEqual({
      type: "canary",
      filters: {
        statuses: ["FAILED", "CANCELLED"],
        tags: ["customer:acme", "arn:aws:s3:::b", "empty:"],
        createdAfter: "2026-11-02T03:30:00.000Z",
        createdBefore: "2026-11-02T09:00:00.124Z",
      },
      limit: 100,
      cursor: "c",
    });
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

  it.each(["", "acme", ":acme", "=", `${"k".repeat(200)}:${"v".repeat(200)}`])("refuses the tag %j", (tag) => {
    expect(() => read({ tag })).toThrow(
      expect.objectContaining({ details: { errors: [expect.objectContaining({ path: "?tag" })] } }),
    );
  });

  it("refuses more tags than a job can have", () => {
    const tags = (count: number) => Array.from({ length: count }, (_, index) => ["tag", `k:${index}`] as const);
    expect(read(tags(20)).filters.tags).toHaveLength(20);
    for (const given of [tags(21), Array.from({ length: 21 }, () => ["tag", "k:v"] as const)]) {
      expect(() => read(given)).toThrow(
        expect.objectContaining({ details: { errors: [{ path: "?tag", message: "must be given at most 20 times" }] } }),
      );
    }
  });

  it.each([
    ..."2026-11-02 2026-11-02T09:00Z 2026-11-02T09:00:00 2026-02-30T09:00:00Z 2026-13-01T09:00:00Z 2026-11-02T24:00:00Z".split(
      " ",
    ),
    ...["2026-11-02T09:00:00 02:00", "yesterday", "", "1793610000", "0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"],
  ])("refuses the time %j", (time) => {
    const message = `must be a time such as 2026-11-02T09:00:00Z, not ${JSON.stringify(time)}`;
    for (const name of ["createdAfter", "createdBefore"]) {
      expect(() => read({ [name]: time })).toThrow(
        expect.objectContaining({ details: { errors: [{ path: `?${name}`, message }] } }),
      );
    }
  });

  it("takes times between two milliseconds as what they are: later than the first, earlier than the second", () => {
    const times = (createdAfter: string, createdBefore: string) => read({ createdAfter, createdBefore }).filters;
    expect(times("2026-11-02T09:00:00.0005Z", "2026-11-02T09:00:00.0010001Z")).toEqual({
      createdAfter: "2026-11-02T09:00:00.000Z",
      createdBefore: "2026-11-02T09:00:00.002Z",
    });
    expect(times("2026-11-02T09:00:00.001000Z", "2026-11-02T09:00:00.00200Z")).toEqual({
      createdAfter: "2026-11-02T09:00:00.001Z",
      createdBefore: "2026-11-02T09:00:00.002Z",
    });
  });

  it("refuses times between which there is none, whatever their distance from UTC", () => {
    const errors = [{ path: "?createdAfter", message: "must not be later than createdBefore: no job is between them" }];
    for (const createdAfter of ["2026-11-02T09:00:00.001Z", "2026-11-02T09:00:00.0001Z", "2026-11-02T08:30:00-01:00"]) {
      expect(() => read({ createdAfter, createdBefore: "2026-11-02T10:00:00+01:00" })).toThrow(
        expect.objectContaining({ code: "InvalidRequest", details: { errors } }),
      );
    }
    expect(() => read({ createdAfter: "2026-11-02T09:00:00Z", createdBefore: "2026-11-02T10:00:00+01:00" })).not.toThrow();
  });

  it("tells every error", () => {
    expect(() => read({ status: "DONE", limit: "0" })).toThrow(
      expect.objectContaining({
        details: { errors: [expect.objectContaining({ path: "?status" }), expect.objectContaining({ path: "?limit" })] },
      }),
    );
  });
});
