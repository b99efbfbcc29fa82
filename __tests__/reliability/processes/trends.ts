/** A value at a time, in milliseconds. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** How a value went over a run. */
export interface Growth {
  readonly median: number;
  /** By how much it would grow in an hour. */
  readonly perHour: number;
  readonly samples: number;
}

const HOUR_MS = 3_600_000;

/**
 * The slope of a value over a run without its first fifth: the median of the slopes between all pairs of samples (Theil and
 * Sen), which no burst at the one or the other end moves, as it would the difference of two.
 *
 * @throws RangeError for fewer than 20 samples: they tell nothing.
 */
export function growthOf(points: readonly Point[]): Growth {
  const warm = points.slice(Math.ceil(points.length / 5));
  if (warm.length < 16) throw new RangeError(`${points.length} samples are too few to tell growth from chance`);
  const slopes: number[] = [];
  for (const [index, one] of warm.entries()) {
    for (const other of warm.slice(index + 1)) slopes.push((other.value - one.value) / (other.at - one.at));
  }
  return {
    median: percentile(
      warm.map(({ value }) => value),
      0.5,
    ),
    perHour: percentile(slopes, 0.5) * HOUR_MS,
    samples: warm.length,
  };
}

/**
 * Those samples that were taken while the process had the number of threads that it had most often. A worker keeps threads
 * ready, each with memory and descriptors of its own, so others do not compare.
 */
export function withUsualThreads<Sample extends { readonly threads: number }>(samples: readonly Sample[]): readonly Sample[] {
  const groups = [...Map.groupBy(samples, ({ threads }) => threads).values()];
  return groups.toSorted((one, other) => other.length - one.length)[0] ?? [];
}

/**
 * Descriptors as they would be with the number of threads that is most often. Each thread has some of its own, and a worker has more threads the busier its machine is: how many
 * a thread has is the median of what changed from one sample to the next as the number of threads did.
 */
export function atUsualThreads(
  samples: readonly { readonly at: number; readonly threads: number; readonly descriptors: number }[],
): Point[] {
  const perThread = samples.flatMap(({ threads, descriptors }, index) => {
    const before = samples[index - 1];
    return before === undefined || threads === before.threads
      ? []
      : [(descriptors - before.descriptors) / (threads - before.threads)];
  });
  const each = perThread.length === 0 ? 0 : percentile(perThread, 0.5);
  const usual = withUsualThreads(samples)[0]?.threads ?? 0;
  return samples.map(({ at, threads, descriptors }) => ({ at, value: descriptors - each * (threads - usual) }));
}

/**
 * The lowest value of each stretch of a run. What comes and goes, such as connections that wait for a call to fail, is more or less by chance when a sample is taken; what leaks is there at the quietest moments too.
 *
 * @param stretchMs how long one is, in milliseconds; those without a sample are left out.
 */
export function floorsOf(points: readonly Point[], stretchMs: number): Point[] {
  const stretches = Map.groupBy(points, ({ at }) => Math.floor((at - (points[0]?.at ?? 0)) / stretchMs));
  return [...stretches.values()].map((stretch) =>
    stretch.reduce((lowest, point) => (point.value < lowest.value ? point : lowest)),
  );
}

/** The value that this share of the values (0 to 1) does not exceed: the nearest rank. @returns NaN of no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Milliseconds as seconds, for figures. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
