import { type Format, styled } from "../output/style.ts";
import { visible, visibleLines } from "../output/visible.ts";

/** A line of a worker's log, as it was written and as it is read. */
export interface LogLine {
  /** JSON of one line. */
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly members: Readonly<Record<string, unknown>>;
}

/** What stands in every line, or has a place of its own in the view. */
const PLACED: ReadonlySet<string> = new Set([
  ...["level", "message", "timestamp", "service", "jobId", "jobType", "attempt", "stack", "details"],
  // Of Powertools, where a trace or a sampling is on.
  ...["sampling_rate", "xray_trace_id"],
]);
const LEVELS: ReadonlyMap<unknown, Format> = new Map([
  ["ERROR", "red"],
  ["CRITICAL", "red"],
  ["WARN", "yellow"],
  ["DEBUG", "dim"],
]);

/** Reads a line of a job. @returns undefined where it is of no job or of another. */
export function logLineOf(text: string, jobId: string): LogLine | undefined {
  // Before it is parsed: a log has the lines of all jobs.
  if (!text.includes(jobId)) return undefined;
  try {
    const members = JSON.parse(text) as LogLine["members"];
    if (members.jobId !== jobId) return undefined;
    const { timestamp } = members;
    return { text: text.trim(), at: typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN, members };
  } catch {
    return undefined;
  }
}

/**
 * Reads a line of a worker, whatever it is of: what Node writes as a worker ends is no JSON. @param at when it was written, at the latest.
 *
 * @returns undefined where it is of metrics.
 */
export function workerLineOf(text: string, at: number): LogLine | undefined {
  try {
    const members: unknown = JSON.parse(text);
    if (typeof members === "object" && members !== null && "_aws" in members) return undefined;
    if (typeof members === "object" && members !== null && "message" in members && "timestamp" in members) {
      return { text: text.trim(), at: Date.parse(String(members.timestamp)), members: { ...members } };
    }
  } catch {
    // Told as it is.
  }
  const message = text.trimEnd();
  const members = { timestamp: new Date(at).toISOString(), message };
  return { text: JSON.stringify(members), at, members };
}

/**
 * Lines for people: time, level, attempt, what is said, what else there is; the stack below. A handler may print what looks like a line of its
 * worker's, with whatever in it.
 */
export function logLines({ at, members }: LogLine): string[] {
  const { level, message, attempt, stack, details } = members;
  const rest = Object.entries(members).filter(([name]) => !PLACED.has(name));
  const told = [
    memberText(message),
    ...(details === undefined ? [] : [styled("dim", visible(JSON.stringify(details)))]),
    ...rest.map(([name, value]) => styled("dim", `${visible(name)}=${memberText(value)}`)),
  ];
  const head = [
    styled("dim", clock(at)),
    styled(LEVELS.get(level) ?? "reset", memberText(level).padEnd(5)),
    styled("dim", `#${memberText(attempt ?? "-")}`),
    told.join(" "),
  ];
  const below =
    typeof stack === "string"
      ? visibleLines(stack)
          .split("\n")
          .map((line) => styled("dim", `    ${line}`))
      : [];
  return [head.join("  "), ...below];
}

function memberText(value: unknown = ""): string {
  return visible(typeof value === "string" ? value : JSON.stringify(value));
}

function clock(at: number): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return "            ";
  return `${time.toTimeString().slice(0, 8)}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}
