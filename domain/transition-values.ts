import { JOB_RETENTION_DAYS } from "./limits.ts";
import type { TransitionValues, ValueSource } from "./transitions.ts";

const DAY_SECONDS = 86_400;

/** The value that a transition writes for a source, or undefined where its caller gave none. */
export function valueFrom(source: ValueSource, values: TransitionValues): unknown {
  switch (source) {
    case "time":
      return new Date(values.now).toISOString();
    case "expiry":
      return Math.floor(values.now / 1_000) + JOB_RETENTION_DAYS * DAY_SECONDS;
    default:
      return values[source];
  }
}
