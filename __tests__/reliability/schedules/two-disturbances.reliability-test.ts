import { exploreScenarios } from "./explore-scenarios.ts";
import { SCENARIOS } from "./scenarios.ts";

exploreScenarios(
  "schedules of two disturbances",
  "The same in further scenarios, with each two disturbances as well.",
  SCENARIOS.filter(({ alsoWithin }) => alsoWithin !== undefined),
);
