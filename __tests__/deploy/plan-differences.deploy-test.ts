import { describe, expect, it } from "vitest";
import { type Plan, plannedDifferences } from "./plan-differences.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** A plan with one change of one resource. */
function planOf(actions: readonly string[], before: Attributes | null, after: Attributes | null, unknown: Attributes = {}): Plan {
  const change = { actions, before, after, after_unknown: unknown };
  return { resource_changes: [{ address: "aws_thing.one", mode: "managed", change }] };
}

describe("the differences of a plan", () => {
  it("are none where nothing is to be done, or only read", () => {
    expect(plannedDifferences({})).toEqual([]);
    expect(plannedDifferences(planOf(["no-op"], { name: "a" }, { name: "a" }))).toEqual([]);
    expect(plannedDifferences(planOf(["read"], null, { name: "a" }))).toEqual([]);
  });

  it("name every attribute that an update changes, also those whose value comes later", () => {
    const before = { name: "a", size: 1, tags: { team: "x" }, version: "1" };
    const after = { name: "a", size: 2, tags: { team: "y" } };
    expect(plannedDifferences(planOf(["update"], before, after, { version: true, tags: { team: false } }))).toEqual([
      "update aws_thing.one size",
      "update aws_thing.one tags",
      "update aws_thing.one version",
    ]);
  });

  it("tell an addition, a removal and a replacement apart", () => {
    expect(plannedDifferences(planOf(["create"], null, {}))).toEqual(["create aws_thing.one"]);
    expect(plannedDifferences(planOf(["delete"], {}, null))).toEqual(["delete aws_thing.one"]);
    expect(plannedDifferences(planOf(["delete", "create"], {}, {}))).toEqual(["delete create aws_thing.one"]);
  });

  it("hold the outputs that change", () => {
    expect(plannedDifferences({ output_changes: { url: { actions: ["update"] }, name: { actions: ["no-op"] } } })).toEqual([
      "update output.url",
    ]);
  });
});
