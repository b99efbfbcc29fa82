import { LineLimiter, MAX_LINE_BYTES } from "./line-limits.ts";
import type { LogLevel } from "./runners/runner.ts";

/** A line as it goes on its way; `details` are JSON text. */
export interface JobLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly details: string | undefined;
  readonly bytes: number;
}

export interface WriteSettings {
  /** The line is the job's last, and must not be refused. */
  readonly isLast: boolean;
}

/** Bounds what a handler logs: the length of its lines, and how many of them in a time. What is dropped is counted and reported. */
export class JobLog {
  readonly #write: (line: JobLine, settings: WriteSettings) => boolean;
  readonly #limiter = new LineLimiter();

  /** @param write takes a line, or refuses it where too many are under way. */
  constructor(write: (line: JobLine, settings: WriteSettings) => boolean) {
    this.#write = write;
  }

  log(level: LogLevel, message: string, details?: unknown): void {
    const line = jobLine(level, String(message), details);
    if (!this.#limiter.admits(line.bytes)) return;
    this.#tellDropped({ isLast: false });
    if (!this.#write(line, { isLast: false })) this.#limiter.drop();
  }

  /** Logs how many lines were dropped and not reported yet. */
  end(): void {
    this.#tellDropped({ isLast: true });
  }

  #tellDropped({ isLast }: WriteSettings): void {
    const lines = this.#limiter.takeDropped({ atEnd: isLast });
    if (lines === 0) return;
    const line = jobLine("warn", "lines were dropped: the handler logs more than is kept", { lines });
    if (!this.#write(line, { isLast })) this.#limiter.drop(lines);
  }
}

function jobLine(level: LogLevel, text: string, details: unknown): JobLine {
  const message = cut(text);
  const room = MAX_LINE_BYTES - message.bytes;
  const json = detailsJson(details, room);
  return { level, message: message.text, details: json, bytes: message.bytes + Buffer.byteLength(json ?? "") };
}

/** Within so many bytes, or the beginning of it as text. */
function detailsJson(details: unknown, room: number): string | undefined {
  const json = JSON.stringify(details) as string | undefined;
  if (json === undefined || Buffer.byteLength(json) <= room) return json;
  return JSON.stringify({ cut: json.slice(0, room / 4) });
}

function cut(text: string): { readonly text: string; readonly bytes: number } {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_LINE_BYTES) return { text, bytes };
  const mark = ` [cut at ${MAX_LINE_BYTES} bytes]`;
  // A character that is cut in two becomes one that stands for it.
  return { text: Buffer.from(text.slice(0, MAX_LINE_BYTES)).toString("utf8", 0, MAX_LINE_BYTES) + mark, bytes: MAX_LINE_BYTES };
}
