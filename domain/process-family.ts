import type { ProcessEntry } from "./process-table.ts";

/** Processes that are known, by ID, each with when it started. */
export type KnownProcesses = ReadonlyMap<number, number>;

/**
 * Which processes of a table belong to a family: those known to belong and those that bear its mark; all that these started; and
 * those in a group or a session that one of them leads, or led. An ID that a later process has got says nothing.
 *
 * @param isMarked asked only about processes that are not known.
 */
export function familyOf(
  table: readonly ProcessEntry[],
  known: KnownProcesses,
  isMarked: (entry: ProcessEntry) => boolean = () => false,
): readonly ProcessEntry[] {
  const taken = new Set(table.map(({ pid }) => pid));
  const family = new Set<number>();
  const leads = (pid: number): boolean => family.has(pid) || (known.has(pid) && !taken.has(pid));
  let others = table.filter((entry) => {
    if (known.get(entry.pid) !== entry.startedAt && !isMarked(entry)) return true;
    family.add(entry.pid);
    return false;
  });
  for (let before = -1; before !== others.length; ) {
    before = others.length;
    others = others.filter(({ pid, parent, group, session }) => {
      if (!family.has(parent) && !leads(group) && !leads(session)) return true;
      family.add(pid);
      return false;
    });
  }
  return table.filter(({ pid }) => family.has(pid));
}
