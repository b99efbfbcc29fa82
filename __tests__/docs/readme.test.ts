import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { jobIdForKey } from "../../domain/job-id.ts";

/** Whoever names no caller to the platform on one machine. */
const CALLER = "iam:local";

it("tells in the README the IDs that its calls make", async () => {
  const readme = await readFile("README.md", "utf8");
  const keys = [...readme.matchAll(/idempotency-key: ([\w-]+)/g)].map(([, key = ""]) => key);
  expect(keys.length).toBeGreaterThan(1);
  const told = [...readme.matchAll(/\/jobs\/([0-9A-Z]{26})/g)].map(([, id]) => id);
  expect(told).toEqual(keys.map((key) => jobIdForKey(CALLER, key)));
});
