import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../../handlers/jobs/why/evidence.ts";
import { placementOf, startFailureOf } from "../../../../handlers/jobs/why/rules/of-the-tasks.ts";
import { ago, buildEvidence, failedTask } from "./build-evidence.ts";

const NO_PLACE = "(service canary) was unable to place a task. Reason: This machine has no free place for it.";
const STARTED = "(service canary) has started 1 tasks: (task 1).";
const starting = { desired: 1, running: 0, pending: 1, events: [] };
/** Two tasks, one after the other, ended by themselves at once, and none runs. */
const crashing: Partial<Evidence> = {
  service: starting,
  runningTasks: [],
  stoppedTasks: [failedTask(9), failedTask(3)],
  recent: { running: 0 },
};

describe("why workers of a type do not start", () => {
  it.each([
    ["they end at once", crashing, "Essential container in task exited; exit code 1"],
    ["none is wanted", { ...crashing, service: { ...starting, desired: 0, pending: 0 } }, undefined],
    ["one took a job up since", { ...crashing, recent: { running: 0, claimedAt: ago(1) } }, undefined],
    ["one runs", {}, undefined],
  ])("is told of the type alone: %s", (_, overrides, reason) => {
    expect(startFailureOf(buildEvidence(overrides))).toBe(reason);
  });
});

describe("why workers find no place", () => {
  it.each([
    ["is what was said last", [{ at: ago(5), message: NO_PLACE }], NO_PLACE],
    [
      "is told beside those that found one",
      [
        { at: ago(5), message: NO_PLACE },
        { at: ago(5), message: STARTED },
      ],
      NO_PLACE,
    ],
    [
      "is over once one was found",
      [
        { at: ago(5), message: STARTED },
        { at: ago(9), message: NO_PLACE },
      ],
      undefined,
    ],
    ["is over after a while", [{ at: ago(1_000), message: NO_PLACE }], undefined],
  ])("%s", (_, events, placement) => {
    expect(placementOf(buildEvidence({ service: { ...starting, events } }))).toBe(placement);
  });
});
