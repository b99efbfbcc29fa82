import { expect, it } from "vitest";
import { inventedSuite } from "./invented-suite.ts";
import { measuredScroll } from "./measured-scroll.ts";

const COUNT = 10_000;
const suite = inventedSuite(COUNT);

it(`scrolls through ${COUNT} jobs with few of them in the page`, async () => {
  const page = await suite.pages.open("/jobs");
  const { jobs, rows, longest, tasks } = await measuredScroll(page);
  console.log(`${jobs} jobs scrolled: the longest task took ${Math.round(longest)} ms, ${tasks} took more than 50 ms`);
  expect(jobs).toBe(COUNT);
  expect(rows).toBeLessThan(120);
  await page.context().close();
});
