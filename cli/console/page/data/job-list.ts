import type { Job, Page } from "./types.ts";

/** The jobs of a list that were read. */
export interface JobList {
  readonly jobs: readonly Job[];
  /** Of the page after the last that was read; undefined where that was the last. */
  readonly cursor: string | undefined;
  /** Pages that were read. */
  readonly pages: number;
}

export const EMPTY_LIST: JobList = { jobs: [], cursor: undefined, pages: 0 };

/** The list with the page after its last. A job that moved from one page to the next stays once. */
export function withNextPage(list: JobList, { items, cursor }: Page): JobList {
  const known = new Set(list.jobs.map(({ id }) => id));
  return { jobs: [...list.jobs, ...items.filter(({ id }) => !known.has(id))], cursor, pages: list.pages + 1 };
}

/**
 * The list with its first page read anew: jobs that are new stand at its head, those that are known change where they are, and of a list of
 * one page those that are not in it any more leave.
 */
export function withFirstPage(list: JobList, { items, cursor }: Page): JobList {
  if (list.pages <= 1) return { jobs: items, cursor, pages: 1 };
  const fresh = new Map(items.map((job) => [job.id, job]));
  const known = new Set(list.jobs.map(({ id }) => id));
  const added = items.filter(({ id }) => !known.has(id));
  return { ...list, jobs: [...added, ...list.jobs.map((job) => fresh.get(job.id) ?? job)] };
}
