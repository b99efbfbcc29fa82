import { api } from "./data/api.ts";
import type { JobTypeStatus } from "./data/types.ts";
import { type Polled, usePolled } from "./use-polled.ts";

const NOW_MS = 5_000;
/** CloudWatch has a value a minute, and each reading of it costs. */
const SERIES_MS = 60_000;

export interface TypeStatus {
  readonly now: Polled<JobTypeStatus>;
  /** The same with its last hours, read less often. */
  readonly hours: Polled<JobTypeStatus>;
}

/** How a type does now, and did in the last hours. */
export function useTypeStatus(name: string, hours: number): TypeStatus {
  const now = usePolled(`status ${name}`, (signal) => api.status(name, undefined, signal), { everyMs: NOW_MS });
  const lately = usePolled(`series ${name} ${hours}`, (signal) => api.status(name, hours, signal), { everyMs: SERIES_MS });
  return { now, hours: lately };
}
