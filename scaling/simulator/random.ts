/** Random numbers that a seed repeats. */
export interface Random {
  /** @returns from 0 up to, and without, 1. */
  uniform(): number;
  /** Exponential: the time to the next of events that come independently. */
  exponential(mean: number): number;
  /** Log-normal, by its mean and its coefficient of variation: job lengths and start times have a long tail, and none is negative. */
  logNormal(mean: number, variation: number): number;
}

/** Mulberry32: 32 bits of state, enough for some million draws, and the same on every machine. */
export function seededRandom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    logNormal: (mean, variation) => {
      const sigma = Math.sqrt(Math.log(1 + variation ** 2));
      return mean * Math.exp(sigma * normal() - sigma ** 2 / 2);
    },
  };
}
