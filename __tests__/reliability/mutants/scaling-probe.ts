import { evaluateScaling } from "../../../scaling/evaluate-scaling.ts";
import type { QueueSample } from "../../../scaling/metrics.ts";
import { scalingFor } from "../../../scaling/scaling-for.ts";
import type { CapacityState } from "../../../scaling/step-scaling.ts";
import { checkHistory } from "../checker/check-history.ts";
import type { Fact } from "../history/fact.ts";
import { type Breach, breachesOf } from "./breach.ts";

const MINUTE_MS = 60_000;
const MINUTES = 10;
const SETTINGS = { scaleOutDepth: 1, maxTasks: 10, backlogPerTask: 10, idleMinutes: 3 };

/** A queue's messages, and what SQS reports of them every minute while a worker polls. */
const QUEUES: readonly { readonly messages: number; readonly sample: QueueSample }[] = [
  { messages: 0, sample: { visible: 0, emptyReceives: 3 } },
  { messages: 2, sample: { visible: 2 } },
  { messages: 1, sample: { visible: 0, inFlight: 1, emptyReceives: 3 } },
  { messages: 1, sample: { visible: 0, delayed: 1, emptyReceives: 3 } },
  // SQS reports late.
  { messages: 1, sample: {} },
];

/** Follows the alarms of each queue for a while, from one task on, and records what the desired count becomes. */
export async function scalingOfQueues(): Promise<Breach[]> {
  const facts: Fact[] = [];
  for (const { messages, sample } of QUEUES) {
    const samples: QueueSample[] = [];
    let state: CapacityState = { capacity: 1 };
    for (let minute = 1; minute <= MINUTES; minute += 1) {
      samples.push(sample);
      state = evaluateScaling(scalingFor(SETTINGS), samples, state, minute * MINUTE_MS).state;
      facts.push({ kind: "scaled", type: JSON.stringify(sample), desired: state.capacity, messages });
    }
  }
  return breachesOf(checkHistory({ facts, settled: false }).violations);
}
