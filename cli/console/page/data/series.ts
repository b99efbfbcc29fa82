import type { JobTypeStatus, SeriesPoint } from "./types.ts";

export type SeriesName = Exclude<keyof SeriesPoint, "at">;

export function pointsOf(status: JobTypeStatus | undefined): readonly SeriesPoint[] {
  return status?.series?.points ?? [];
}

export function valuesOf(points: readonly SeriesPoint[], name: SeriesName): readonly (number | undefined)[] {
  return points.map((point) => point[name]);
}

/** The sum of what is known; undefined where nothing is. */
export function total(points: readonly SeriesPoint[], name: SeriesName): number | undefined {
  const known = valuesOf(points, name).filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}

/** The last that is known. */
export function latest(points: readonly SeriesPoint[], name: SeriesName): number | undefined {
  return valuesOf(points, name).findLast((value) => value !== undefined);
}
