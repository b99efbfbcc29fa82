import type { Page } from "playwright-core";

export interface MeasuredScroll {
  /** That the list had at its end. */
  readonly jobs: number;
  /** That were in the page at once, at most. */
  readonly rows: number;
  /** Tasks of more than 50 ms, which a browser calls long, while it scrolled. */
  readonly tasks: number;
  /** The longest of those, in milliseconds; 0 where there was none. */
  readonly longest: number;
}

/** Loads a list to its end, then scrolls through all of it as fast as a hand does, and watches for pauses. */
export async function measuredScroll(page: Page): Promise<MeasuredScroll> {
  await page.locator(".job-row").first().waitFor();
  // Scrolling loads: a page at a time comes as the end of the list is reached.
  await page.evaluate(`(async () => {
    while (document.querySelector(".list-more") !== null) {
      scrollTo(0, document.body.scrollHeight);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    scrollTo(0, 0);
  })()`);
  return (await page.evaluate(`(async () => {
    const long = [];
    const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: "longtask" });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const height = document.body.scrollHeight;
    let rows = 0;
    for (let top = 0; top < height; top += 900) {
      scrollTo(0, top);
      await frame();
      rows = Math.max(rows, document.querySelectorAll(".job-row").length);
    }
    await frame();
    const last = document.querySelector(".rows > li:last-child")?.getAttribute("aria-posinset");
    return { jobs: Number(last), rows, tasks: long.length, longest: Math.max(0, ...long) };
  })()`)) as MeasuredScroll;
}
