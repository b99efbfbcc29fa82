import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GROUP_ID, ownerGroup } from "../../domain/group-id.ts";
import { runs } from "../support/property-runs.ts";

const kinds = fc.constantFrom("iam", "cognito", "jwt", "lambda");
const names = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }),
  fc.stringMatching(/^[!-~]{120,124}$/),
  fc.constantFrom("sha256:x", " ", "a b", "é"),
);
const owners = fc.tuple(kinds, names).map(([kind, name]) => `${kind}:${name}`);

describe("the group of an owner", () => {
  it("is the owner where that is a group ID of SQS", () => {
    expect(ownerGroup("iam:arn:aws:iam::123456789012:user/ada")).toBe("iam:arn:aws:iam::123456789012:user/ada");
    expect(ownerGroup(`jwt:${"a".repeat(124)}`)).toBe(`jwt:${"a".repeat(124)}`);
  });

  it.each([`jwt:${"a".repeat(125)}`, "jwt:Ada Lovelace", "jwt:東京", "jwt:a\nb", "jwt:a\n"])(
    "is a hash of %j, which is none",
    (owner) => {
      expect(ownerGroup(owner)).toMatch(/^sha256:[\w-]{43}$/);
    },
  );

  it("is a group ID of SQS, and another for every other owner", () => {
    fc.assert(
      fc.property(owners, owners, (one, other) => {
        expect(ownerGroup(one)).toMatch(GROUP_ID);
        expect(ownerGroup(one) === ownerGroup(other)).toBe(one === other);
      }),
      runs(300),
    );
  });
});
