/** The seed of a run: `RELIABILITY_SEED` repeats another's plan, though not the timing of its processes. */
export function runSeed(standard: number): number {
  return Number(process.env.RELIABILITY_SEED ?? standard);
}
