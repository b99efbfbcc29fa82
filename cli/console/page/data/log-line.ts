/** A line of a log, as far as it can be read. */
export interface LogLine {
  /** ISO 8601; undefined of what a program printed by itself. */
  readonly at: string | undefined;
  readonly level: string;
  readonly message: string;
  /** What else it says: `attempt=2 worker=…`. */
  readonly details: string;
  readonly stack: string | undefined;
}

/** What every line of one job has alike, or is shown otherwise. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "level",
  "message",
  "timestamp",
  "service",
  "jobId",
  "jobType",
  "stack",
  "sampling_rate",
  "timezone",
]);

/** Workers write JSON, a line a fact; what else is printed is text. */
export function logLine(line: string): LogLine {
  const text = { at: undefined, level: "", message: line, details: "", stack: undefined };
  if (!line.startsWith("{")) return text;
  try {
    const fields = JSON.parse(line) as Record<string, unknown>;
    const { level, message, timestamp, stack } = fields;
    const others = Object.entries(fields).filter(([name, value]) => !LEFT_OUT.has(name) && value !== "" && value !== null);
    return {
      at: typeof timestamp === "string" ? timestamp : undefined,
      level: typeof level === "string" ? level : "",
      message: typeof message === "string" ? message : line,
      details: others.map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`).join(" "),
      stack: typeof stack === "string" ? stack : undefined,
    };
  } catch {
    return text;
  }
}
