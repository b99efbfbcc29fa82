import { chromiumProgram } from "../__tests__/console/chromium.ts";
import { startConsolePages } from "../__tests__/console/console-page.ts";
import { startInventedApi } from "../__tests__/console/invented-api.ts";
import { inventedJobs } from "../__tests__/console/invented-platform.ts";
import { type MeasuredScroll, measuredScroll } from "../__tests__/console/measured-scroll.ts";
import { buildConsole } from "../scripts/build-console.ts";

/** Scrolls through a list of the console's. @returns undefined where there is no Chromium. */
export async function measureConsoleList(jobs: number): Promise<MeasuredScroll | undefined> {
  if (chromiumProgram() === undefined) return undefined;
  await buildConsole("dist/cli/console");
  const now = Date.now();
  const api = await startInventedApi(inventedJobs(jobs, now), now);
  const pages = await startConsolePages(api.url);
  try {
    return await measuredScroll(await pages.open("/jobs"));
  } finally {
    await pages.stop();
    await api.stop();
  }
}
