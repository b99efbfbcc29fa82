import { describe, expect, it } from "vitest";
import { FILE_NAME, fileFaults, mayBeNamed, newUploadId, ownerFolder, UPLOAD_ID } from "../../domain/job-files.ts";
import { isInputOf, payloadKeys } from "../../domain/payload.ts";

const NOW = Date.parse("2026-11-02T09:00:00.000Z");
const DAY_MS = 86_400_000;

describe("a file", () => {
  const csv = { description: "Orders", maxBytes: 100, contentTypes: ["text/csv", "text/plain"] };

  it.each([
    [{ bytes: 100, contentType: "text/csv" }, []],
    [{ bytes: 0, contentType: "Text/CSV; charset=utf-8" }, []],
    [{ bytes: 101, contentType: "text/plain" }, [{ member: "bytes", message: "must be at most 100, not 101" }]],
    [
      { bytes: 1, contentType: "text/html" },
      [{ member: "contentType", message: "must be text/csv or text/plain, not text/html" }],
    ],
  ])("%j is compared with its declaration", (file, faults) => {
    expect(fileFaults(csv, file)).toEqual(faults);
  });

  it("may have any content type where none is declared", () => {
    expect(fileFaults({ description: "Anything", maxBytes: 1 }, { bytes: 1, contentType: "x/y" })).toEqual([]);
  });

  it.each(["data", "pageImage", "a", "a-b_2", "constructor"])("may be called %s", (name) => {
    expect(name).toMatch(FILE_NAME.pattern);
  });

  it.each(["", "..", "a/b", "a.csv", "__proto__", "1st", "größe", "a b", "a\n", "a".repeat(33)])(
    "may not be called %j",
    (name) => {
      expect(name).not.toMatch(FILE_NAME.pattern);
    },
  );
});

describe("an upload", () => {
  it("is named by the time of its making, and may become a file of a job for a day", () => {
    const upload = newUploadId(NOW);
    expect(upload).toMatch(UPLOAD_ID);
    expect(mayBeNamed(upload, NOW)).toBe(true);
    expect(mayBeNamed(upload, NOW + DAY_MS)).toBe(true);
    expect(mayBeNamed(upload, NOW + DAY_MS + 1)).toBe(false);
    expect(mayBeNamed("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", NOW)).toBe(true);
    expect(mayBeNamed("00000000000000000000000000", NOW)).toBe(false);
  });

  it.each(["iam:../../document", "jwt:a/b", "jwt:", `jwt:${"é".repeat(1_000)}`])(
    "has a folder whatever its owner is: %j",
    (owner) => {
      const key = payloadKeys.upload("canary", owner, newUploadId(NOW), "data");
      expect(key).toMatch(/^uploads\/canary\/[\w-]{43}\/[0-9A-Z]{26}\/data$/);
      expect(ownerFolder(owner)).not.toBe(ownerFolder(`${owner} `));
    },
  );
});

describe("an object that a job may begin with", () => {
  const job = { type: "canary", id: "canary_01K91ABCDEFGHJKMNPQRSTVWXY" };

  it.each([
    [`inputs/canary/${job.id}/w.json`, true],
    ["uploads/canary/owner/upload/data", true],
    ["inputs/canary/canary_01K91ABCDEFGHJKMNPQRSTVWXZ/w.json", false],
    ["uploads/canary-2/owner/upload/data", false],
    ["uploads/canary/../document/owner/upload/data", false],
    [`results/canary/${job.id}/1/result.json`, false],
  ])("is not %s but where that is of its type: %s", (key, isInput) => {
    expect(isInputOf(job, key)).toBe(isInput);
  });
});
