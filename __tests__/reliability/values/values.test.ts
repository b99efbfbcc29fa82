import { expect, it } from "vitest";
import { runValues } from "./run-values.ts";

/** Far more than the seconds that it takes: other work may slow the machine down. */
const TIMEOUT_MS = 300_000;

it("gives every value to handler and command as it was sent, and to the caller as it was returned", {
  timeout: TIMEOUT_MS,
}, async () => {
  const { sent, problems } = await runValues(25, 20261129);
  expect(problems).toEqual([]);
  expect(sent).toBeGreaterThan(25);
});
