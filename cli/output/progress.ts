import { Presets, SingleBar } from "cli-progress";
import { visible } from "./visible.ts";

/** How far long work is, for people; nothing where nobody looks. */
export interface Progress {
  /** @param done of the total. @param text what stands behind the bar. */
  update(done: number, text?: string): void;
  /** Takes the bar away, so that what is written next has the line. */
  end(): void;
}

const NONE: Progress = { update: () => undefined, end: () => undefined };

/** Narrower than this, a terminal has no room for a bar beside its numbers. */
const LEAST_COLUMNS = 40;
const LONGEST_BAR = 30;

/** A bar on a terminal. @param unit what is counted, such as `jobs`; `%` shows the share alone. */
export function progressBar(stream: NodeJS.WriteStream, label: string, total: number, unit: string): Progress {
  if (stream.isTTY !== true || (stream.columns ?? 0) < LEAST_COLUMNS || total <= 0) return NONE;
  const numbers = unit === "%" ? "{percentage}%" : `{value}/{total} ${unit}`;
  const bar = new SingleBar(
    {
      stream,
      format: `${label} {bar} ${numbers} {text}`,
      barsize: Math.min(LONGEST_BAR, Math.floor(stream.columns / 4)),
      clearOnComplete: true,
      hideCursor: true,
      linewrap: false,
      // Ctrl-C is the command's, which ends the bar.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { text: "" });
  return {
    update: (done, text = "") => bar.update(done, { text: visible(text) }),
    end: () => bar.stop(),
  };
}
