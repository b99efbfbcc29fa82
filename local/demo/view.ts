import type { Job } from "@autoscaling-job-queues/domain/job";
import type { TaskCounts } from "../aws/task-counts.ts";
import type { JobBoard } from "../job-board.ts";
import { LiveLines } from "../live-lines.ts";
import { styled } from "../text-style.ts";
import { counted, seconds, textTable } from "../text-table.ts";

const BAR_WIDTH = 24;
const REDRAW_MS = 200;
const PLAIN_LINE_MS = 2_000;

export interface DemoProgress {
  readonly board: JobBoard;
  readonly counts: TaskCounts;
  /** How many jobs of each type were added. */
  readonly added: ReadonlyMap<string, number>;
  /** Running jobs, as the API listed them last. */
  running: readonly Job[];
}

/** Shows how far the jobs are: bars that move on a terminal, a plain line now and then elsewhere. */
export class DemoView {
  readonly #stream: NodeJS.WriteStream;
  readonly #live: LiveLines | undefined;
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #lastLine = "";

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#live = stream.isTTY ? new LiveLines(stream) : undefined;
  }

  print(line: string): void {
    if (this.#live !== undefined) this.#live.print(line);
    else this.#stream.write(`${line}\n`);
  }

  /** Notes something that happened, with the time since the start. */
  note(line: string): void {
    this.print(`  ${styled("dim", this.#elapsed().padStart(6))}  ${line}`);
  }

  /** Shows the progress until `end`. */
  show(progress: DemoProgress): void {
    const live = this.#live;
    const update = live === undefined ? () => this.#plainLine(progress) : () => live.draw(["", ...progressLines(progress)]);
    update();
    this.#timer = setInterval(update, live === undefined ? PLAIN_LINE_MS : REDRAW_MS);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#live?.draw([]);
  }

  #plainLine(progress: DemoProgress): void {
    const line = plainLine(progress);
    if (line !== this.#lastLine) this.note(line);
    this.#lastLine = line;
  }

  #elapsed(): string {
    return seconds(performance.now() - this.#startedAt);
  }
}

/** A bar for each job type. */
function progressLines({ board, counts, added, running }: DemoProgress): string[] {
  const rows = [...added].map(([type, total]) => {
    const ended = board.ended(type);
    const workers = counts.running(type);
    const progress = running.find((job) => job.type === type && job.progress !== undefined)?.progress;
    const now = progress === undefined ? "" : `${Math.round(progress.fraction * 100)}% ${progress.message ?? ""}`.trimEnd();
    return {
      cells: [
        `  ${type}`,
        progressBar(ended / total),
        `${ended}/${total}`,
        `${board.counts(type).RUNNING} running`,
        workerText(workers),
      ],
      now: styled("dim", now),
    };
  });
  const lines = textTable(rows.map(({ cells }) => cells));
  return lines.map((line, index) => `${line}   ${rows[index]?.now ?? ""}`);
}

/** @param fraction from 0 to 1. */
export function progressBar(fraction: number, width = BAR_WIDTH): string {
  const full = Math.min(width, Math.floor(fraction * width));
  return styled("green", "█".repeat(full)) + styled("dim", "░".repeat(width - full));
}

function workerText(workers: number): string {
  return styled(workers === 0 ? "dim" : "cyan", counted(workers, "worker").padEnd("0 workers".length));
}

export function plainLine({ board, counts, added }: Omit<DemoProgress, "running">): string {
  const total = [...added.values()].reduce((sum, count) => sum + count, 0);
  const workers = [...added.keys()].flatMap((type) => (counts.running(type) === 0 ? [] : [`${type} ${counts.running(type)}`]));
  const who = workers.length === 0 ? "" : ` (${workers.join(", ")})`;
  return `${board.ended()} of ${total} jobs ended, ${board.counts().RUNNING} running, ${counted(counts.total(), "worker")}${who}`;
}
