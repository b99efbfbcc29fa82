import type { Telemetry } from "../../handlers/telemetry.ts";

interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Telemetry that keeps what a handler told it. */
export interface RecordedTelemetry extends Telemetry {
  readonly lines: LogLine[];
  /** Metrics that were counted: name and dimensions. */
  readonly counted: [name: string, dimensions: object][];
}

/** Names that the logger has for itself: it drops attributes so called. */
const RESERVED = ["level", "message", "sampling_rate", "service", "timestamp"];

export function recordedTelemetry(): RecordedTelemetry {
  const lines: LogLine[] = [];
  const counted: [string, object][] = [];
  const log = (level: LogLine["level"]) => (message: string, attributes: Record<string, unknown>) => {
    for (const name of RESERVED) if (name in attributes) throw new Error(`the logger would drop the attribute ${name}`);
    lines.push({ level, message, attributes });
  };
  return {
    lines,
    counted,
    logger: { addContext: () => undefined, info: log("info"), warn: log("warn"), error: log("error") },
    count: (name, dimensions) => counted.push([name, dimensions]),
  };
}
