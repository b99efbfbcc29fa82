import { exploreScenarios } from "./explore-scenarios.ts";
import { SCENARIOS } from "./scenarios.ts";

exploreScenarios(
  "schedules",
  "The real handlers and workers in scenarios of two workers, the Lambdas and their clients, under every schedule within the bounds: " +
    "each disturbance at each call, and each two deaths.",
  SCENARIOS.filter(({ alsoWithin }) => alsoWithin === undefined),
);
