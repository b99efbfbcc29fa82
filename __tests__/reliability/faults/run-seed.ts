import { newJobId } from "../../../domain/job-id.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { checkHistory } from "../checker/check-history.ts";
import { describeViolation, type Verdict } from "../checker/verdict.ts";
import type { Fact, History } from "../history/fact.ts";
import { getJob } from "../world/api-calls.ts";
import { mapDeadLetters } from "../world/dead-letter-mapping.ts";
import { settledHistory } from "../world/settled-history.ts";
import { type SimulatedWorkerSettings, startWorker } from "../world/simulated-worker.ts";
import { World } from "../world/world.ts";
import type { WorldPlatform } from "../world/world-platform.ts";
import { FaultClient } from "./fault-client.ts";
import { FaultInjector } from "./fault-injector.ts";
import type { FaultKind } from "./fault-kinds.ts";
import { type FaultPlan, faultPlan } from "./fault-plan.ts";
import { limitDeadLetters } from "./invocation-limit.ts";
import { slowNetwork } from "./slow-network.ts";
import { reordered } from "./subscriber-order.ts";

export interface SeedOutcome {
  readonly seed: number;
  readonly plan: FaultPlan;
  /** What is wrong, in sentences; empty for a seed that passed. */
  readonly problems: readonly string[];
  readonly verdict: Verdict;
  readonly history: History;
  /** What was injected, by kind. */
  readonly injected: readonly FaultKind[];
  /** Every try, in the order in which it was made: `worker#1:ReceiveMessage`. */
  readonly tries: readonly string[];
  /** Simulated seconds from the end of faults to a settled world. */
  readonly recoverySeconds: number;
  readonly log: readonly string[];
}

/** When faults have stopped, so many seconds may pass until nothing is left to do: put-backs are a share of the time before. */
const SETTLE_SECONDS = 7_200;

let runs = 0;

/**
 * Plays what a seed plans, lets the world settle without faults, and checks all that happened.
 *
 * @param worker replaces dependencies of workers, to show that the run notices what is broken.
 */
export async function runSeed(
  platform: WorldPlatform,
  seed: number,
  worker?: SimulatedWorkerSettings["overrides"],
): Promise<SeedOutcome> {
  runs += 1;
  const random = seededRandom(seed);
  const plan = faultPlan(random);
  const injector = new FaultInjector({ rate: plan.rate, random });
  // Its own, for the SDK's allowance of retries is shared by all calls of a client.
  const clients = platform.newClients();
  slowNetwork(clients, (operation) => injector.delayMs(operation));
  const world = await World.open(platform, {
    jobType: plan.jobType,
    intercept: injector.intercept,
    pick: ({ length }) => Math.floor(random() * length),
    clients,
    random,
  });
  injector.attach(world);
  try {
    mapDeadLetters(world);
    limitDeadLetters(world);
    const client = new FaultClient(world, { overrides: () => ({ newJobId: (type) => newJobId(type, world.now) }) });
    for (const [index, job] of plan.jobs.entries()) client.start(job, `faults-${seed}-${runs}-${index}`);
    await play(world, plan, worker);
    injector.stop();
    const stoppedAt = world.now;
    const settled = await world.settle(SETTLE_SECONDS);
    const recoverySeconds = (world.now - stoppedAt) / 1_000;
    for (const id of client.accepted) {
      const { process } = getJob(world, id);
      await world.until(() => process.gone);
    }
    const { history, moved } = reordered(await settledHistory(world), random);
    const verdict = checkHistory(history);
    const reorderings = Array.from({ length: moved }, (): FaultKind => "reordered events");
    return {
      seed,
      plan,
      problems: [
        ...(settled ? [] : ["the world did not settle"]),
        ...client.unanswered.map((request) => `${request} was never answered`),
        ...verdict.violations.map(describeViolation),
      ],
      verdict,
      history,
      injected: [...injector.injected.map(({ kind }) => kind), ...reorderings],
      tries: world.tries.map(({ process, operation }) => `${process.name}:${operation}`),
      recoverySeconds,
      log: world.log,
    };
  } finally {
    await world.close();
  }
}

/** Starts the workers when they are due, and lets the time of the faults pass. */
async function play(
  world: World,
  { workersAtMs, faultSeconds }: FaultPlan,
  overrides: SimulatedWorkerSettings["overrides"] = () => ({}),
): Promise<void> {
  const startedAt = world.now;
  for (const atMs of workersAtMs) {
    await world.pass(Math.max(0, startedAt + atMs - world.now) / 1_000);
    startWorker(world, { overrides });
  }
  await world.pass(Math.max(0, startedAt + faultSeconds * 1_000 - world.now) / 1_000);
}

/** How the jobs of a run ended, by status and, where they failed, why. */
export function ends(facts: readonly Fact[]): string[] {
  const last = new Map(facts.flatMap((fact) => (fact.kind === "committed" ? [[fact.job.id, fact.job] as const] : [])));
  return [...last.values()].map(({ status, error }) => (status === "FAILED" ? `${status} (${error?.code})` : status));
}
