import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { batchIdForKey } from "../../domain/batch-id.ts";
import { jobIdForKey } from "../../domain/job-id.ts";

/** Whoever names no caller to the platform on one machine. */
const CALLER = "iam:local";

it("tells in the README the IDs that its calls make", async () => {
  const readme = await readFile("README.md", "utf8");
  const adds = [...readme.matchAll(/(jobs|batches) .*idempotency-key: ([\w-]+)' \\\n +-d '\{"type":"([a-z-]+)"/g)];
  expect(adds.length).toBeGreaterThan(2);
  const told = new Set([...readme.matchAll(/\/(?:jobs|batches)\/([a-z-]+_(?:batch_)?[0-9A-Z]{26})/g)].map(([, id]) => id));
  expect([...told]).toEqual(
    adds.map(([, what, key = "", type = ""]) => (what === "jobs" ? jobIdForKey : batchIdForKey)(type, CALLER, key)),
  );
});
