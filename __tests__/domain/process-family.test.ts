import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { familyOf } from "../../domain/process-family.ts";
import type { ProcessEntry } from "../../domain/process-table.ts";
import { runs } from "../support/property-runs.ts";

/** A process that leads a group and a session of its own, and whose parent is the first process. */
function entry(pid: number, overrides: Partial<ProcessEntry> = {}): ProcessEntry {
  return { pid, parent: 1, group: pid, session: pid, startedAt: pid, isZombie: false, ...overrides };
}

const ROOT = entry(10);
const KNOWN = new Map([[10, 10]]);

function pidsOf(
  table: readonly ProcessEntry[],
  ...rest: Partial<Parameters<typeof familyOf>> extends [unknown?, ...infer R] ? R : never
) {
  return familyOf(table, rest[0] ?? KNOWN, rest[1]).map(({ pid }) => pid);
}

describe("the family of a process", () => {
  it("is who is known, and all that these started, whatever group or session it is in and in whatever order they are listed", () => {
    expect(pidsOf([entry(13, { parent: 12 }), entry(12, { parent: 10 }), ROOT, entry(11)])).toEqual([13, 12, 10]);
  });

  it("is who is left of their groups and sessions", () => {
    const orphans = [entry(12, { group: 10 }), entry(13, { session: 10 }), entry(14, { parent: 13 })];
    expect(pidsOf([ROOT, ...orphans])).toEqual([10, 12, 13, 14]);
    expect(pidsOf(orphans)).toEqual([12, 13, 14]);
  });

  it("is who leads others of it, and whom these lead", () => {
    expect(pidsOf([ROOT, entry(12, { parent: 10 }), entry(13, { group: 12 }), entry(14, { session: 13 })])).toEqual([
      10, 12, 13, 14,
    ]);
  });

  it("is who bears its mark, and what they started", () => {
    const isMarked = ({ pid }: ProcessEntry) => pid === 12;
    expect(pidsOf([entry(11), entry(12), entry(13, { parent: 12 })], new Map(), isMarked)).toEqual([12, 13]);
  });

  it("is nobody who got the ID of one of them later, nor whom such a one leads or started", () => {
    const later = entry(10, { startedAt: 99 });
    expect(pidsOf([later, entry(100, { parent: 10 }), entry(101, { group: 10 }), entry(102, { session: 10 })])).toEqual([]);
  });

  it("is nobody else: neither the parent nor others of its parent, nor the first process", () => {
    const worker = entry(5);
    const table = [
      entry(1, { parent: 0 }),
      worker,
      { ...ROOT, parent: 5 },
      entry(6, { parent: 5 }),
      entry(7, { group: 5, session: 5 }),
    ];
    expect(pidsOf(table)).toEqual([10]);
  });

  it("asks for no mark of those who are known", () => {
    const asked: number[] = [];
    familyOf([ROOT, entry(11)], KNOWN, ({ pid }) => {
      asked.push(pid);
      return false;
    });
    expect(asked).toEqual([11]);
  });

  it("never has a process that nothing ties to it", async () => {
    const id = fc.integer({ min: 1, max: 12 });
    const table = fc.uniqueArray(
      fc.record({ pid: id, parent: id, group: id, session: id, startedAt: fc.nat(2), isZombie: fc.constant(false) }),
      { selector: ({ pid }) => pid },
    );
    await fc.assert(
      fc.property(table, (entries) => {
        const known = new Map([[3, 1]]);
        const family = new Set(familyOf(entries, known));
        const isTaken = entries.some(({ pid, startedAt }) => pid === 3 && startedAt !== 1);
        for (const { pid, parent, group, session, startedAt } of family) {
          const ties = [parent, group, session].some(
            (tie) => [...family].some((member) => member.pid === tie && member.pid !== pid) || (tie === 3 && !isTaken),
          );
          expect((pid === 3 && startedAt === 1) || ties).toBe(true);
        }
      }),
      runs(300),
    );
  });
});
