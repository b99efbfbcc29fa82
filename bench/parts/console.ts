import { BOUNDS } from "../bounds.ts";
import { measureConsoleList } from "../console-list.ts";
import type { Part } from "../report.ts";

/** Jobs in the list that is scrolled. */
const JOBS = 10_000;

export const consoleList: Part = {
  title: "The console's list, scrolled from end to end in Chromium",
  measure: async (report) => {
    const scroll = await measureConsoleList(JOBS);
    if (scroll === undefined) {
      report.line("skipped: there is no Chromium");
      return;
    }
    const task = report.atMost("a task of the console", scroll.longest, BOUNDS.scrollTaskMs);
    report.line(`${scroll.jobs} jobs, the longest task in ms: ${task}`);
  },
};
