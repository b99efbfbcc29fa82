import { ApiWorld } from "../api/api-world.ts";
import { runTwoOwners } from "../api/owners.ts";
import { runRequests } from "../api/run-requests.ts";
import type { Breach } from "./breach.ts";
import type { Breakable } from "./mutant.ts";

const REQUESTS = { cases: 3_000, endOnFailure: true };
const OWNERS = { cases: 3, endOnFailure: true };

/** What a problem's words mean; the first that fits. */
const MEANINGS: readonly (readonly [RegExp, Breakable])[] = [
  [/answered 5\d\d, not/, "every answer is less than 500"],
  [
    /IdempotencyKeyReused|answered 409, not 40[14]|gave both owners|differs for|changed job|names job|shows a job of/,
    "nothing of another owner's jobs shows",
  ],
  [/answered 202, not 4/, 2],
  [
    /was answered [24]\d\d, not|it tells of|must NOT have|must be|must have|the header|describes no|it lists/,
    "an answer is as described",
  ],
];

/** Generated requests, most of them hostile. */
export async function hostileRequests(): Promise<Breach[]> {
  return await probe((world) => runRequests(world, REQUESTS));
}

/** Two owners, of whom one looks for the other's jobs. */
export async function twoOwners(): Promise<Breach[]> {
  return await probe(async (world) => void (await runTwoOwners(world, OWNERS)));
}

async function probe(run: (world: ApiWorld) => Promise<void>): Promise<Breach[]> {
  const world = await ApiWorld.start();
  try {
    await run(world);
    return [];
  } catch (error) {
    const { message } = error as Error;
    const [, broken] = MEANINGS.find(([words]) => words.test(message)) ?? [];
    if (broken === undefined) throw error;
    return [{ broken, message }];
  } finally {
    await world.stop();
  }
}
