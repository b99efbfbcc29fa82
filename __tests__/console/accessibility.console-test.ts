import { readFile } from "node:fs/promises";
import type axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { complaints } from "./console-page.ts";
import { BATCH_ID, inventedSuite } from "./invented-suite.ts";

const suite = inventedSuite();
const axeSource = await readFile("node_modules/axe-core/axe.min.js", "utf8");

/** A view, and what is done in it before it is looked at. */
type Look = readonly [name: string, address: () => string, ready: string, act?: (page: Page) => Promise<void>];

const job = (which: keyof typeof suite.story) => (): string => `/jobs/${suite.story[which].id}`;
const VIEWS: readonly Look[] = [
  ["the overview", () => "/", ".card .spark-line"],
  ["a type", () => "/types/document", ".chart canvas"],
  ["a paused type", () => "/types/order-totals", ".notice-warn"],
  ["the list", () => "/jobs", ".job-row"],
  ["a filtered list", () => "/jobs?type=etl&status=FAILED&tag=team:risk&createdAfter=2020-01-01T00:00:00Z", ".list-head"],
  ["an empty list", () => "/jobs?tag=no:such", ".none"],
  ["a selection", () => "/jobs", ".job-row", async (page) => await page.locator(".job-row input").nth(20).check()],
  ["a running job", job("running"), ".why"],
  ["a job that waits for a retry", job("retrying"), ".why"],
  ["a failed job", job("failed"), ".why"],
  ["a job that succeeded", job("succeeded"), ".files a"],
  ["a job that no worker can start", job("waiting"), ".why-bad"],
  ["a batch", () => `/batches/${BATCH_ID}`, ".stack"],
  ["no such job", () => "/jobs/etl_nothing", ".notice-bad"],
  ["no such page", () => "/types/no-such-type", ".notice-bad"],
  [
    "the question before a retry",
    job("failed"),
    ".why",
    async (page) => await page.getByRole("button", { name: "Retry" }).click(),
  ],
  [
    "the question before a pause",
    () => "/types/document",
    ".chart",
    async (page) => await page.getByRole("button", { name: "Pause" }).click(),
  ],
  ["the help", () => "/", ".card", async (page) => await page.keyboard.press("?")],
];

async function look([, address, ready, act]: Look, options: Parameters<typeof suite.pages.open>[1]): Promise<Page> {
  const page = await suite.pages.open(address(), options);
  await page.locator(ready).first().waitFor();
  await act?.(page);
  return page;
}

describe.each(["light", "dark"] as const)("in %s, axe finds nothing in", (colorScheme) => {
  it.each(VIEWS.map((view) => [view[0], view] as const))("%s", async (_, view) => {
    // Axe is not of the page, whose policy lets no other script run; nor may a color be looked at while it changes.
    const page = await look(view, { colorScheme, bypassCSP: true, reducedMotion: "reduce" });
    await page.evaluate(axeSource);
    const { violations } = (await page.evaluate("axe.run()")) as axe.AxeResults;
    const told = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`,
    );
    await page.context().close();
    expect(told).toEqual([]);
  });
});

describe("on a window of 360 pixels, nothing is wider than it in", () => {
  it.each(VIEWS.map((view) => [view[0], view] as const))("%s", async (_, view) => {
    const page = await look(view, { viewport: { width: 360, height: 740 } });
    const widest = await page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)");
    await page.context().close();
    expect(widest).toBe(360);
  });
});

it("needs nothing that its policy forbids, in any view", async () => {
  for (const view of VIEWS.filter(([name]) => !name.startsWith("no such"))) {
    const page = await look(view, {});
    expect([view[0], complaints.get(page)]).toEqual([view[0], []]);
    await page.context().close();
  }
});
