import { familyOf, type KnownProcesses } from "@autoscaling-job-queues/domain/process-family";
import type { ProcessEntry } from "@autoscaling-job-queues/domain/process-table";

/** A command that was started, as far as it is known. */
export interface KnownCommand {
  readonly startedAt: number;
  readonly known: KnownProcesses;
  readonly isMarked: (entry: ProcessEntry) => boolean;
}

export interface ProcessesToEnd {
  readonly table: readonly ProcessEntry[];
  readonly command: KnownCommand;
  /** The worker's other commands, which go on. */
  readonly others: readonly KnownCommand[];
  /** The processes that only this worker, and what it started, can have started; undefined where that is unknown. */
  readonly enclosed: ReadonlySet<number> | undefined;
  readonly worker: number;
}

/** The first process of a container. */
const INIT = 1;

/**
 * Decides which processes end with a command: its family. Where the worker is alone, also those that have lost everything that
 * could tell whose they are (a daemon with an empty environment): if they are older than every command that goes on, they are of
 * one that has ended.
 */
export function processesToEnd({ table, command, others, enclosed, worker }: ProcessesToEnd): readonly ProcessEntry[] {
  const family = familyOf(table, command.known, command.isMarked);
  const strays = enclosed === undefined ? [] : straysOf(table, others, enclosed, worker);
  const members = new Set([...family, ...strays]);
  return [...members].filter(({ pid, isZombie }) => !isZombie && pid !== worker && pid !== INIT);
}

function straysOf(
  table: readonly ProcessEntry[],
  others: readonly KnownCommand[],
  enclosed: ReadonlySet<number>,
  worker: number,
): readonly ProcessEntry[] {
  const oldest = Math.min(...others.map(({ startedAt }) => startedAt));
  const spared = new Set(others.flatMap(({ known, isMarked }) => familyOf(table, known, isMarked)));
  // Someone looks into the container: their first process has no parent in it.
  for (const guest of familyOf(table, new Map(), ({ pid, parent }) => parent === 0 && pid !== INIT && pid !== worker)) {
    spared.add(guest);
  }
  return table.filter((entry) => enclosed.has(entry.pid) && entry.startedAt < oldest && !spared.has(entry));
}
