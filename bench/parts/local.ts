import { BOUNDS } from "../bounds.ts";
import { measureLocalSpeed } from "../local-speed.ts";
import type { Part } from "../report.ts";

export const local: Part = {
  title: "What people wait for on their own machine",
  measure: async (report) => {
    const { demo, start, test } = await measureLocalSpeed();
    report.line(`npm run demo, nothing built before, in seconds: ${report.atMost("the demo", demo, BOUNDS.demoSeconds)}`);
    report.line(`npm start, all built before, in seconds: ${report.atMost("npm start", start, BOUNDS.startSeconds)}`);
    report.line(`npm test, nothing built before, in seconds: ${report.atMost("npm test", test, BOUNDS.testSeconds)}`);
  },
};
