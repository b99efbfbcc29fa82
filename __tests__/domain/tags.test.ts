import { describe, expect, it } from "vitest";
import { tags, withTags } from "../../domain/tags.ts";

/** What is said of the first thing that is wrong, a key's reason before the key's own message. */
const refusal = (given: object): string | undefined => {
  const [issue] = tags.safeParse(given).error?.issues ?? [];
  return (issue?.code === "invalid_key" ? issue.issues[0] : issue)?.message;
};

describe("tags", () => {
  it.each([{}, { "cost-center": "42", Owner: "payments" }, { "\u00fcber/_.:=+-@ 1": "\u00e9" }])("may be %j", (given) => {
    expect(tags.parse(given)).toEqual(given);
  });

  it.each(["environment", "Environment", "job-type", "JOB-TYPE"])(
    "are not %s: every resource has it, and a role no two",
    (key) => {
      expect(refusal({ [key]: "a" })).toContain("any tag but environment and job-type");
    },
  );

  it.each<[string, object]>([
    ["not starting with aws:", { "AWS:owner": "a" }],
    ["1 to 256", { owner: "" }],
    ["at most 20", Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`tag${index}`, "a"]))],
    ["more than the case of letters", { owner: "a", Owner: "a" }],
  ])("are %s", (allowed, given) => {
    expect(refusal(given)).toContain(allowed);
  });
});

describe("tags in place of others", () => {
  it("replace those of the same key, whatever the case of its letters", () => {
    expect(withTags({ owner: "platform", application: "jobs" }, { Owner: "payments", "cost-center": "42" })).toEqual({
      application: "jobs",
      Owner: "payments",
      "cost-center": "42",
    });
  });
});
