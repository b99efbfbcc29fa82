import fc from "fast-check";
import type { ApiWorld } from "./api-world.ts";
import { type Replay, replayCommand } from "./replay.ts";
import { requestsTo } from "./requests.ts";
import { workerMoves } from "./worker-moves.ts";

/**
 * Makes so many generated requests, one after the other, a worker's move after every other.
 *
 * @throws Error with the shrunk request, the seed and how to replay it, when an answer is wrong.
 */
export async function runRequests(world: ApiWorld, requests: number, replay: Replay | undefined): Promise<void> {
  if (replay === undefined) return;
  const cases = fc.tuple(requestsTo(world.description, world.jobTypes), fc.option(workerMoves, { freq: 1 }));
  const property = fc.asyncProperty(cases, async ([request, move]) => {
    const problems = await world.ask(request);
    if (problems.length > 0) throw new Error(problems.join("\n  "));
    if (move !== null) await world.work(move);
  });
  const result = await fc.check(property, { ...replay, numRuns: requests });
  if (!result.failed) return;
  const found = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
  const where = `after ${result.numRuns} requests; ${replayCommand("requests", { seed: result.seed, path: result.counterexamplePath })}`;
  throw new Error(`${found}\n  ${where}`);
}
