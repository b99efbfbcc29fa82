/**
 * Settings of a property: how many cases, and their seed. The seed is fixed, so that a run repeats; another one, or the
 * one of a failure, is given as `PROPERTY_SEED=<number> npm test`.
 */
export function runs(numRuns: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns, seed: Number(process.env.PROPERTY_SEED ?? 20261102) };
}
