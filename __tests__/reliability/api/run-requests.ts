import fc from "fast-check";
import type { ApiWorld } from "./api-world.ts";
import { type CheckSettings, checkProperty } from "./check-property.ts";
import { requestsTo } from "./requests.ts";
import { workerMoves } from "./worker-moves.ts";

/** Makes generated requests, one after the other, a worker's move after every other. @throws Error when an answer is wrong. */
export async function runRequests(world: ApiWorld, settings: CheckSettings): Promise<void> {
  const cases = fc.tuple(requestsTo(world.description, world.jobTypes), fc.option(workerMoves, { freq: 1 }));
  await checkProperty("requests", settings, cases, async ([request, move]) => {
    const problems = await world.ask(request);
    if (move !== null && problems.length === 0) await world.work(move);
    return problems;
  });
}
