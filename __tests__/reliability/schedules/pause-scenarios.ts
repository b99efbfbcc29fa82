import type { Scenario } from "./scenarios.ts";

/** Seconds after which no claim of a paused type may begin, and some more. */
const PAST_THE_BOUND = 70;

/** Courses in which somebody pauses the type, and in the end resumes it. */
export const PAUSE_SCENARIOS: readonly Scenario[] = [
  {
    name: "pause-and-resume",
    hasPauses: true,
    play: async (stage) => {
      await stage.control("pauseJobType");
      await stage.world.pass(PAST_THE_BOUND);
      stage.worker();
      await stage.add({});
      await stage.world.pass(10);
      await stage.control("resumeJobType");
    },
  },
  {
    name: "pause-while-running",
    hasPauses: true,
    play: async (stage) => {
      stage.worker();
      await stage.add({ script: { waitSeconds: 1, failures: 1 } });
      await stage.untilHandlerRuns();
      await stage.control("pauseJobType");
      await stage.world.pass(2 * PAST_THE_BOUND);
      await stage.add({});
      await stage.world.pass(10);
      await stage.control("resumeJobType");
    },
  },
];
