import type { CheckCounts, Violation } from "../checker/verdict.ts";
import { decode, encode, stateWidth } from "./canonical-state.ts";
import type { Configuration } from "./configurations.ts";
import { DESIGN, type Design } from "./design.ts";
import { checkMoment, isFinal } from "./invariant-checks.ts";
import { firstThatCannotEnd } from "./liveness.ts";
import { type Edge, Model } from "./model.ts";
import { NumberList } from "./number-list.ts";
import { StateTable } from "./state-table.ts";

/** What an exploration found. */
export interface Exploration {
  readonly model: Model;
  readonly states: StateTable;
  /** Of each state, the one from which it was reached first; -1 for the first. */
  readonly parents: NumberList;
  readonly transitions: number;
  /** Steps on the shortest way to the farthest state. */
  readonly depth: number;
  /** States in which everything has come to its end. */
  readonly finals: readonly number[];
  /** States from which a final one was shown to be reachable without new faults; 0 where a violation came first. */
  readonly ending: number;
  readonly checks: CheckCounts;
  readonly failure: Failure | undefined;
}

/** An invariant that broke on the way from a state; without an edge, in the state itself. */
export interface Failure {
  readonly violation: Violation;
  readonly state: number;
  readonly edge: Edge | undefined;
}

/** More states than any configuration here has: a mistake in a budget should not fill the memory. */
const MAX_STATES = 40_000_000;

/**
 * Visits every state that the processes of a configuration can reach, breadth first, so that the way to a violation is the
 * shortest. Safety is checked on every edge and state; then liveness: from every state a final one can be reached by the
 * progress of processes alone.
 */
export function explore(configuration: Configuration, design: Design = DESIGN): Exploration {
  const model = new Model(configuration, design);
  const state = new Uint16Array(stateWidth(model));
  const states = new StateTable(state.length);
  const parents = new NumberList();
  const progress = { from: new NumberList(), to: new NumberList() };
  const finals: number[] = [];
  let transitions = 0;
  let failure: Failure | undefined;
  let current = -1;

  const visit = (edge: Edge): number => {
    encode(model, edge.next, state);
    const before = states.size;
    const index = states.add(state);
    if (states.size === before) return index;
    if (states.size > MAX_STATES) throw new Error(`"${configuration.name}" has more than ${MAX_STATES} states`);
    parents.push(current);
    checkMoment(model, edge.next);
    if (isFinal(edge.next)) finals.push(index);
    return index;
  };
  model.onEdge = (edge) => {
    if (failure !== undefined) return;
    transitions += 1;
    const index = visit(edge);
    const { violation } = model.checks;
    if (violation !== undefined) failure = { violation, state: current, edge };
    if (edge.spends === undefined && index !== current) {
      progress.from.push(current);
      progress.to.push(index);
    }
  };

  visit({ slot: undefined, label: "begin", spends: undefined, next: model.first() });
  let depth = -1;
  let levelEnd = 0;
  for (current = 0; current < states.size && failure === undefined; current += 1) {
    if (current === levelEnd) {
      depth += 1;
      levelEnd = states.size;
    }
    model.expand(decode(model, states.at(current)));
  }
  if (failure === undefined) {
    const stuck = firstThatCannotEnd(states.size, progress, finals);
    const message = "from here, the job cannot come to its end without new faults";
    if (stuck !== undefined) failure = { violation: { invariant: 14, message }, state: stuck, edge: undefined };
  }
  const ending = failure === undefined ? states.size : 0;
  return { model, states, parents, transitions, depth, finals, ending, checks: model.checks.counts, failure };
}
