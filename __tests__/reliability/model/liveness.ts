import type { NumberList } from "./number-list.ts";

/** Edges between states, by their indexes. */
export interface Edges {
  readonly from: NumberList;
  readonly to: NumberList;
}

/** The first of `states` states from which no way along `edges` leads to one of `ends`; undefined where all have one. */
export function firstThatCannotEnd(states: number, edges: Edges, ends: readonly number[]): number | undefined {
  const { starts, sources } = predecessors(states, edges);
  const reached = new Uint8Array(states);
  const queue = new Int32Array(states);
  let length = 0;
  const reach = (state: number): void => {
    if (reached[state] === 1) return;
    reached[state] = 1;
    queue[length] = state;
    length += 1;
  };
  for (const end of ends) reach(end);
  for (let next = 0; next < length; next += 1) {
    const state = queue[next]!;
    for (let place = starts[state]!; place < starts[state + 1]!; place += 1) reach(sources[place]!);
  }
  return length === states ? undefined : reached.indexOf(0);
}

/** The edges by their ends: those to a state are `sources` from `starts[state]` on. */
function predecessors(states: number, { from, to }: Edges): { readonly starts: Int32Array; readonly sources: Int32Array } {
  const starts = new Int32Array(states + 1);
  for (let edge = 0; edge < to.length; edge += 1) starts[to.at(edge) + 1]! += 1;
  for (let state = 0; state < states; state += 1) starts[state + 1]! += starts[state]!;
  const next = starts.slice();
  const sources = new Int32Array(from.length);
  for (let edge = 0; edge < to.length; edge += 1) {
    sources[next[to.at(edge)]!] = from.at(edge);
    next[to.at(edge)]! += 1;
  }
  return { starts, sources };
}
