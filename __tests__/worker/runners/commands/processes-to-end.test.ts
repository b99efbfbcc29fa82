import type { ProcessEntry } from "@autoscaling-job-queues/domain/process-table";
import { describe, expect, it } from "vitest";
import { type KnownCommand, type ProcessesToEnd, processesToEnd } from "../../../../worker/runners/commands/processes-to-end.ts";

const WORKER = 7;

function entry(pid: number, overrides: Partial<ProcessEntry> = {}): ProcessEntry {
  return { pid, parent: 1, group: pid, session: pid, startedAt: pid, isZombie: false, ...overrides };
}

function command(pid: number): KnownCommand {
  return { startedAt: pid, known: new Map([[pid, pid]]), isMarked: () => false };
}

/** A container's first process, the worker, and commands that run beside each other. */
const CONTAINER = [entry(1, { parent: 0 }), entry(WORKER), entry(20, { parent: WORKER }), entry(30, { parent: WORKER })];

function pidsToEnd(table: readonly ProcessEntry[], overrides: Partial<ProcessesToEnd> = {}) {
  const enclosed = new Set(table.map(({ pid }) => pid));
  return processesToEnd({ table, command: command(20), others: [], enclosed, worker: WORKER, ...overrides }).map(
    ({ pid }) => pid,
  );
}

describe("the processes that end with a command", () => {
  it("are its own, but for those that have ended", () => {
    const table = [...CONTAINER, entry(21, { parent: 20 }), entry(22, { parent: 20, isZombie: true })];
    expect(pidsToEnd(table, { others: [command(30)] })).toEqual([20, 21]);
  });

  it("are on a machine with others none that cannot be told to be its own", () => {
    expect(pidsToEnd([...CONTAINER, entry(25), entry(5_000)], { enclosed: undefined })).toEqual([20]);
  });

  it("are all others where the worker is alone, and no other command goes on", () => {
    expect(pidsToEnd([...CONTAINER.slice(0, 3), entry(25), entry(26, { parent: 25 })])).toEqual([20, 25, 26]);
  });

  it("are of those that nothing ties to a command only the ones that are older than all that go on", () => {
    const table = [...CONTAINER, entry(29), entry(31), entry(32, { startedAt: 30 })];
    expect(pidsToEnd(table, { others: [command(30)] })).toEqual([20, 29]);
    expect(pidsToEnd(table, { command: command(30), others: [command(20)] })).toEqual([30]);
  });

  it("are none of another command, however old", () => {
    const others = [{ ...command(30), isMarked: ({ pid }: ProcessEntry) => pid === 28 }];
    expect(pidsToEnd([...CONTAINER, entry(28), entry(29, { parent: 30, startedAt: 2 })], { others })).toEqual([20]);
  });

  it("are not those that somebody started who looks into the container, nor the worker, nor the first process", () => {
    const table = [...CONTAINER.slice(0, 3), entry(15, { parent: 0 }), entry(16, { parent: 15 })];
    expect(pidsToEnd(table)).toEqual([20]);
    const workerIsFirst = [entry(1, { parent: 0 }), entry(20, { parent: 1 }), entry(21)];
    expect(pidsToEnd(workerIsFirst, { worker: 1 })).toEqual([20, 21]);
  });

  it("are not those outside of what is the worker's alone", () => {
    expect(pidsToEnd([...CONTAINER.slice(0, 3), entry(25), entry(26)], { enclosed: new Set([WORKER, 20, 25]) })).toEqual([
      20, 25,
    ]);
  });
});
