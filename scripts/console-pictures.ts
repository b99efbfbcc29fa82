import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { startConsolePages } from "../__tests__/console/console-page.ts";
import { startInventedApi } from "../__tests__/console/invented-api.ts";
import { inventedJobs } from "../__tests__/console/invented-platform.ts";
import { BATCH_ID, inventStories, readInventedLogs } from "../__tests__/console/invented-suite.ts";

/** `npm run console:pictures`: the pictures of docs/console.md, of invented jobs. */

const FOLDER = "docs/pictures";
const JOBS = 400;

interface Picture {
  readonly name: string;
  readonly address: string;
  /** What is there once the view is. */
  readonly ready: string;
  readonly act?: (page: Page) => Promise<void>;
  readonly options?: BrowserContextOptions;
}

async function takePictures(): Promise<void> {
  const now = Date.now();
  const api = await startInventedApi(inventedJobs(JOBS, now), now);
  const story = inventStories(api, now);
  api.paused.add("order-totals");
  const pages = await startConsolePages(api.url, readInventedLogs(now));
  const dark: BrowserContextOptions = { colorScheme: "dark" };
  const narrow: BrowserContextOptions = { viewport: { width: 360, height: 740 } };
  const selectThree = async (page: Page): Promise<void> => {
    for (const row of [2, 3, 5]) await page.locator(".job-row input").nth(row).check();
  };
  const pictures: readonly Picture[] = [
    { name: "overview", address: "/", ready: ".card .spark-line" },
    { name: "overview-dark", address: "/", ready: ".card .spark-line", options: dark },
    { name: "type", address: "/types/document", ready: ".chart canvas" },
    { name: "list", address: "/jobs?status=FAILED&status=CANCELLED", ready: ".job-row", act: selectThree },
    { name: "list-narrow", address: "/jobs", ready: ".job-row", options: narrow },
    { name: "job", address: `/jobs/${story.running.id}`, ready: ".log", options: { viewport: { width: 1280, height: 1240 } } },
    { name: "why", address: `/jobs/${story.waiting.id}`, ready: ".why .log", options: dark },
    { name: "batch", address: `/batches/${BATCH_ID}`, ready: ".stack" },
  ];
  await mkdir(FOLDER, { recursive: true });
  for (const { name, address, ready, act, options = {} } of pictures) {
    const page = await pages.open(address, { reducedMotion: "reduce", ...options });
    await page.locator(ready).first().waitFor();
    await act?.(page);
    await page.waitForLoadState("networkidle", { timeout: 4_000 }).catch(() => undefined);
    await page.screenshot({ path: path.join(FOLDER, `${name}.png`) });
    await page.context().close();
  }
  await pages.stop();
  await api.stop();
}

await takePictures();
