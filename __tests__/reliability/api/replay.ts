/** The parts of the run; each generates cases of its own. */
export type Part = "requests" | "owners" | "raw";

/** Which cases a part generates: so many of a seed's or, to repeat a failure, the one that it named. */
export interface Replay {
  readonly seed: number;
  /** fast-check's path to one case. */
  readonly path?: string;
  /** Whether the first failure is told as it is, without a search for a smaller one. @default false */
  readonly endOnFailure?: boolean;
}

export const NO_REPLAY: Replay = { seed: 20261102 };

type Variables = Readonly<Record<string, string | undefined>>;

/** The seed that `RELIABILITY_SEED` asks for, or the fixed one. */
export function seedFrom({ RELIABILITY_SEED }: Variables = process.env): number {
  return RELIABILITY_SEED === undefined ? NO_REPLAY.seed : Number(RELIABILITY_SEED);
}

/**
 * How a part is to run. `RELIABILITY_CASE`, a part and a path such as `raw/44:1`, narrows the run to one case.
 *
 * @returns undefined for a part that the case does not belong to; what is run instead is said.
 */
export function replayFrom(part: Part, variables: Variables = process.env): Replay | undefined {
  const seed = seedFrom(variables);
  const { RELIABILITY_CASE } = variables;
  if (RELIABILITY_CASE === undefined) return { seed };
  const [of, path = ""] = RELIABILITY_CASE.split("/");
  console.log(`hostile input: of all parts only case ${RELIABILITY_CASE} of seed ${seed} is run`);
  return of === part ? { seed, path } : undefined;
}

/** How to make the same requests again. One case alone meets no jobs of the requests before it; the seed makes them all. */
export function replayCommand(part: Part, { seed, path }: { readonly seed: number; readonly path: string | null }): string {
  const run = "npm run test:reliability -- api";
  return `replay with RELIABILITY_SEED=${seed} ${run}, or this case alone with RELIABILITY_CASE=${part}/${path} beside it`;
}
