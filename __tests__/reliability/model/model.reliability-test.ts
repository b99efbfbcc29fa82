import { afterAll, describe, expect, it } from "vitest";
import { type CheckCounts, describeViolation } from "../checker/verdict.ts";
import { recordFigures } from "../report/record-figures.ts";
import { BUDGETS, type Budget } from "./budgets.ts";
import { totalChecks } from "./checks.ts";
import { type Configuration, LARGE } from "./configurations.ts";
import { explore } from "./explore.ts";
import { checkFinalHistories } from "./final-histories.ts";
import { STEP_MUTANTS } from "./step-mutants.ts";
import { TABLE_MUTANTS } from "./table-mutants.ts";
import { describeFailure } from "./trace.ts";

const COMMAND = "npm run test:reliability -- model";
const MUTANTS = [...TABLE_MUTANTS, ...STEP_MUTANTS];

/** Final states of each configuration whose way there is checked as a history, at most. */
const HISTORIES = 1_000;

/** Narrows the run to one configuration, to replay it; such a run leaves no figures. */
const only = process.env.RELIABILITY_CASE;
const cases = LARGE.filter(({ name }) => only === undefined || name === only);

const figures = { states: 0, transitions: 0, finals: 0, histories: 0, depth: 0, found: 0, seconds: 0 };
const checks: CheckCounts[] = [];

describe("the model", () => {
  it.each(cases)("keeps every invariant in every state: $name", (configuration) => {
    const replay = `replay with RELIABILITY_CASE=${JSON.stringify(configuration.name)} ${COMMAND}`;
    const started = process.cpuUsage();
    const exploration = explore(configuration);
    expect(describeFailure(exploration), replay).toBe("no violation");
    expect(exploration.ending).toBe(exploration.states.size);
    const checked = checkFinalHistories(exploration, HISTORIES);
    expect(checked.failure && [describeViolation(checked.failure.violation), ...checked.failure.steps], replay).toBeUndefined();
    const { user, system } = process.cpuUsage(started);
    const seconds = (user + system) / 1e6;
    const { states, transitions, depth, finals } = exploration;
    console.log(
      `${configuration.name} (${boundsOf(configuration)}): ${states.size} states, ${transitions} transitions, depth ${depth}, ` +
        `${finals.length} final states, ${checked.histories} histories, ${seconds.toFixed(1)} s of CPU time`,
    );
    figures.states += states.size;
    figures.transitions += transitions;
    figures.finals += finals.length;
    figures.histories += checked.histories;
    figures.depth = Math.max(figures.depth, depth);
    figures.seconds += seconds;
    checks.push(exploration.checks, ...checked.checks, new Map([[14, exploration.ending]]));
  });
});

describe("a mistake", () => {
  it.each(MUTANTS)("is found: $name", ({ breaks, configuration, design }) => {
    expect(describeFailure(explore(configuration, design))).toMatch(new RegExp(`^invariant ${breaks} `));
    figures.found += 1;
  });
});

afterAll(() => {
  if (only !== undefined) {
    console.log(`narrowed to ${JSON.stringify(only)}: ${cases.length} of ${LARGE.length} configurations; no figures are left`);
    return;
  }
  recordFigures({
    suite: "model",
    summary:
      "Breadth-first over every interleaving of two workers, the add-job, cancel-job and dead-letter Lambdas and a queue, on the " +
      "real transition table and decisions; from every state the job can still come to its end without new faults.",
    command: COMMAND,
    figures: {
      "configurations explored exhaustively": `${cases.length} of ${LARGE.length}`,
      "bounds, at most at once": boundsOfAll(LARGE),
      states: figures.states,
      transitions: figures.transitions,
      "deepest state, in steps": figures.depth,
      "states from which the end was shown to be reachable": figures.states,
      "final states": figures.finals,
      "final states whose history was checked": figures.histories,
      "deliberate mistakes found": `${figures.found} of ${MUTANTS.length}`,
      "CPU time, in seconds": Math.round(figures.seconds),
    },
    checks: totalChecks(checks),
  });
});

function boundsOf({ maxAttempts, budgets }: Configuration): string {
  const spent = Object.entries(budgets).filter(([, bound]) => bound > 0);
  return [`maxAttempts ${maxAttempts}`, ...spent.map(([budget, bound]) => `${budget} ${bound}`)].join(", ");
}

function boundsOfAll(configurations: readonly Configuration[]): string {
  const budgets = Object.keys(BUDGETS) as Budget[];
  return budgets.map((budget) => `${budget} ${Math.max(...configurations.map((each) => each.budgets[budget]))}`).join(", ");
}
