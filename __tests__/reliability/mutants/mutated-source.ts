import type { Edit } from "./mutant.ts";

/**
 * The source with a mutant's edits.
 *
 * @throws Error when the text of an edit is not there exactly once: a mutant that does not apply proves nothing.
 */
export function mutatedSource(source: string, edits: readonly Edit[]): string {
  return edits.reduce((mutated, { file, find, replace }) => {
    const times = mutated.split(find).length - 1;
    if (times !== 1) throw new Error(`in ${file} it occurs ${times} times, not once: ${find}`);
    return mutated.replace(find, () => replace);
  }, source);
}
