/**
 * Whether any text matches both of two patterns, in which `*` stands for any characters and `?` for one, as in IAM.
 *
 * It walks both at once: where a star may stand for nothing or for one character more, both are tried, each pair of places once.
 */
export function globsMeet(one: string, other: string): boolean {
  const known = new Map<number, boolean>();
  const meet = (i: number, j: number): boolean => {
    const place = i * (other.length + 1) + j;
    const found = known.get(place);
    if (found !== undefined) return found;
    known.set(place, false);
    const result = meetAt(i, j);
    known.set(place, result);
    return result;
  };
  const meetAt = (i: number, j: number): boolean => {
    const [a, b] = [one[i], other[j]];
    if (a === undefined && b === undefined) return true;
    if (a === "*") return meet(i + 1, j) || (b !== undefined && meet(i, j + 1));
    if (b === "*") return meet(i, j + 1) || (a !== undefined && meet(i + 1, j));
    if (a === undefined || b === undefined) return false;
    return (a === b || a === "?" || b === "?") && meet(i + 1, j + 1);
  };
  return meet(0, 0);
}
