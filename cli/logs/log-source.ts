import type { LogLine } from "./log-line.ts";

/** Where the lines of a job come from. */
export interface LogSource {
  /** The lines that came since the last call, oldest first. */
  newLines(signal: AbortSignal): AsyncIterable<LogLine>;
  /** Between two calls, in milliseconds. */
  readonly pollMs: number;
  /** How long after a job's end its last lines may come, in milliseconds. */
  readonly lateMs: number;
}
