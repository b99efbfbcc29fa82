import fc from "fast-check";
import { jsonTexts } from "./json-texts.ts";
import { ValueWorld } from "./value-world.ts";

/** Values at a time: their jobs share the emulators' calls. */
const AT_A_TIME = 10;

/** Values that are worth a look in every run. */
const KNOWN = [
  "1970670598291982290",
  "9007199254740993",
  '{"b":1,"10":2,"a":3,"2":4}',
  "[1.10,1E2,-0,0.10000000000000001]",
  '{"__proto__":{"constructor":1},"":0}',
  `[${"1.0, ".repeat(1_000)}1.0]`,
  `${"[".repeat(150)}${"]".repeat(150)}`,
];

/**
 * Sends known and generated values through API, table, bucket and workers, and back to the caller.
 *
 * @returns how many values there were, and what became of some that should not.
 */
export async function runValues(count: number, seed: number): Promise<{ readonly sent: number; readonly problems: string[] }> {
  const values = [...KNOWN, ...fc.sample(jsonTexts, { numRuns: count, seed })];
  const world = await ValueWorld.start();
  const problems: string[] = [];
  try {
    for (let start = 0; start < values.length; start += AT_A_TIME) {
      const some = values.slice(start, start + AT_A_TIME);
      const found = await Promise.all(some.map((value) => world.send(value)));
      problems.push(
        ...found.flatMap((of, index) => of.map((problem) => `${some[index]?.slice(0, 300)}: ${problem.slice(0, 600)}`)),
      );
    }
  } finally {
    await world.stop();
  }
  return { sent: values.length, problems };
}
