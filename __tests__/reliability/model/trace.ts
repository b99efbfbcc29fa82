import type { StoredJob } from "../../../domain/job.ts";
import { describeViolation } from "../checker/verdict.ts";
import type { Fact } from "../history/fact.ts";
import { encode, stateWidth } from "./canonical-state.ts";
import type { Exploration } from "./explore.ts";
import type { Edge, Model } from "./model.ts";
import { describeSlot, ProcessNames } from "./process-names.ts";
import { LEASE_RUNS_OUT, WAIT_ENDS } from "./surroundings.ts";
import { TimedFacts } from "./timed-facts.ts";
import type { World } from "./world.ts";

/** A shortest way to a state, replayed: what was done, the facts of it, and the moment that it led to. */
export interface Trace {
  readonly steps: readonly string[];
  readonly facts: readonly Fact[];
  readonly end: World;
  /** The job as it ends up. */
  readonly job: StoredJob | undefined;
}

interface ToldEdge {
  readonly edge: Edge;
  readonly facts: readonly Fact[];
}

/**
 * Replays the way on which a state was reached first. Explored states stand for their mirror images too; the replay keeps
 * each process and each message under one name.
 */
export function traceTo({ model, states, parents }: Exploration, state: number): Trace {
  const path: number[] = [];
  for (let at = state; at > 0; at = parents.at(at)) path.unshift(at);
  const names = new ProcessNames(model);
  let messages = 0;
  model.nameOf = (slot) => names.of(slot);
  model.nextMessageName = () => {
    messages += 1;
    return messages;
  };
  const key = new Uint16Array(stateWidth(model));
  let world = model.first();
  const steps: string[] = [];
  const facts = names.begin();
  const times = new TimedFacts();
  for (const next of path) {
    const found = edgesFrom(model, world).find(({ edge }) => {
      encode(model, { ...edge.next, messages: model.messages.nameless(edge.next.messages) }, key);
      return states.add(key) === next;
    });
    if (found === undefined) throw new Error(`state ${next} was reached once, and cannot be reached again in the same way`);
    steps.push(describeEdge(model, found.edge));
    if (found.edge.label === LEASE_RUNS_OUT) times.leaseRunsOut();
    if (found.edge.label === WAIT_ENDS) times.waitEnds();
    facts.push(...found.facts.map((fact) => times.timed(fact)), ...names.replaceGone(found.facts));
    world = found.edge.next;
  }
  return { steps, facts, end: world, job: times.latest };
}

/** The shortest way to what broke, to be read. */
export function describeFailure(exploration: Exploration): string {
  const { failure, model } = exploration;
  if (failure === undefined) return "no violation";
  const { steps, end } = traceTo(exploration, failure.state);
  const all = failure.edge === undefined ? steps : [...steps, describeEdge(model, failure.edge)];
  return [
    `${describeViolation(failure.violation)}; configuration "${model.configuration.name}"`,
    ...all.map((step, index) => `${String(index + 1).padStart(4)}. ${step}`),
    `${failure.edge === undefined ? "then" : "before the last step"}: ${describeWorld(end)}`,
  ].join("\n");
}

function describeEdge(model: Model, { slot, label, spends }: Edge): string {
  return `${describeSlot(model, slot)}: ${label}${spends === undefined ? "" : ` (${spends})`}`;
}

function describeWorld({ item: { job }, messages, processes }: World): string {
  const shown = job === undefined ? "no job" : `${job.status}, version ${job.version}, attempt ${job.attempt}`;
  const standing = processes.map(({ step, seen }) => `${step}${seen.job === undefined ? "" : ` of version ${seen.job.version}`}`);
  return `${shown}; messages ${JSON.stringify(messages.list)}; processes at ${standing.join(", ")}`;
}

/** Every edge from a moment, with its facts. */
function edgesFrom(model: Model, world: World): ToldEdge[] {
  const edges: ToldEdge[] = [];
  let facts: Fact[] = [];
  model.onFact = (fact) => facts.push(fact);
  model.onEdge = (edge) => {
    edges.push({ edge, facts });
    facts = [];
  };
  model.expand(world);
  model.onFact = undefined;
  return edges;
}
