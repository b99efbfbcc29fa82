import { BOUNDS } from "../bounds.ts";
import { demoSeconds, startSeconds, testSeconds } from "../local-speed.ts";
import type { Part } from "../report.ts";

export const local: Part = {
  title: "What people wait for on their own machine",
  measure: async (report) => {
    const told = (what: string, name: string, seconds: number, bound: number): void =>
      report.line(`${what}, in seconds: ${report.atMost(name, seconds, bound)}`);
    told("npm run demo, nothing built before", "the demo", await demoSeconds(), BOUNDS.demoSeconds);
    told("npm start, all built before", "npm start", await startSeconds(), BOUNDS.startSeconds);
    told("npm test, nothing built before", "npm test", await testSeconds(), BOUNDS.testSeconds);
  },
};
