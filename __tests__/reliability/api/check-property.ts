import fc from "fast-check";

/** The parts of the run; each generates cases of its own. */
export type Part = "requests" | "owners" | "raw";

export interface CheckSettings {
  readonly cases: number;
  /** Whether the first failure of a fixed seed is told as it is, without a search for a smaller one. @default false */
  readonly endOnFailure?: boolean;
}

const { RELIABILITY_SEED, RELIABILITY_CASE } = process.env;
const FIXED_SEED = 20261102;

/** The seed of all parts: another one, or that of a failure, is given as `RELIABILITY_SEED`. */
export const SEED = Number(RELIABILITY_SEED ?? FIXED_SEED);

/**
 * Looks for a case that has problems. `RELIABILITY_CASE`, a part and fast-check's path such as `raw/44:1`, narrows the run to one.
 *
 * @param problemsOf what is wrong with a case, most often nothing.
 * @throws Error with what is wrong with the smallest case, the seed and how to replay it.
 */
export async function checkProperty<Case>(
  part: Part,
  { cases, endOnFailure = false }: CheckSettings,
  arbitrary: fc.Arbitrary<Case>,
  problemsOf: (value: Case) => Promise<readonly string[]>,
): Promise<void> {
  const [narrowedTo, path] = endOnFailure ? [] : (RELIABILITY_CASE?.split("/") ?? []);
  if (narrowedTo !== undefined) console.log(`hostile input: of all parts only case ${RELIABILITY_CASE} of seed ${SEED} is run`);
  if (narrowedTo !== undefined && narrowedTo !== part) return;
  const property = fc.asyncProperty(arbitrary, async (value) => {
    const problems = await problemsOf(value);
    if (problems.length > 0) throw new Error(problems.join("\n  "));
  });
  const seed = endOnFailure ? FIXED_SEED : SEED;
  const result = await fc.check(property, { seed, numRuns: cases, endOnFailure, ...(path === undefined ? {} : { path }) });
  if (!result.failed) return;
  const found = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
  const command = `RELIABILITY_SEED=${result.seed} npm run test:reliability -- api`;
  // One case alone meets no jobs of the requests before it.
  const alone = `or this case alone with RELIABILITY_CASE=${part}/${result.counterexamplePath} beside it`;
  throw new Error(`${found}\n  after ${result.numRuns} cases; replay with ${command}, ${alone}`);
}
