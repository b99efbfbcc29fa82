import { describe, expect, it } from "vitest";
import { destination, jobsAddress, type View, viewOf } from "../../../cli/console/page/address.ts";

const ID = "etl_01JCQ8N6V4W2X9Y7Z5T3R1P0MK";

describe("an address of the page", () => {
  it.each<[string, string, View]>([
    ["/", "", { view: "overview" }],
    ["/jobs", "", { view: "jobs", filters: { status: [], tag: [] } }],
    [`/jobs/${ID}`, "", { view: "job", id: ID }],
    ["/batches/etl_batch_1", "status=FAILED", { view: "batch", id: "etl_batch_1", status: ["FAILED"] }],
    ["/types/etl", "", { view: "type", name: "etl", hours: 3 }],
    ["/types/etl", "hours=24", { view: "type", name: "etl", hours: 24 }],
    ["/types/etl", "hours=1e9", { view: "type", name: "etl", hours: 3 }],
    ["/types", "", { view: "missing" }],
    ["/jobs/a/b", "", { view: "missing" }],
    ["/else", "", { view: "missing" }],
    ["/jobs/%E0%A4%A", "", { view: "job", id: "%E0%A4%A" }],
  ])("%s?%s names a view", (path, search, view) => {
    expect(viewOf(path, search)).toEqual(view);
  });

  it("has every filter of the list, there and back", () => {
    const filters = {
      type: "etl",
      status: ["FAILED", "CANCELLED"],
      tag: ["team:r&d", "a:b c"],
      createdAfter: "2026-11-30T10:00:00.000Z",
      createdBefore: "2026-11-30T11:00:00.000Z",
    };
    const [path = "", search = ""] = jobsAddress(filters).split("?");
    expect(viewOf(path, search)).toEqual({ view: "jobs", filters });
    expect(jobsAddress({})).toBe("/jobs");
  });
});

describe("what somebody looks for", () => {
  it.each([
    [` ${ID}\n`, `/jobs/${ID}`],
    ["etl_batch_01JCQ8N6V4W2X9Y7Z5T3R1P0MK", "/batches/etl_batch_01JCQ8N6V4W2X9Y7Z5T3R1P0MK"],
    ["etl", "/types/etl"],
    ["team:docs", "/jobs?tag=team%3Adocs"],
    ["something", undefined],
    ["", undefined],
    ["../etc/passwd", undefined],
  ])("%j is at %s", (text, address) => {
    expect(destination(text, ["etl", "document"])).toBe(address);
  });
});
