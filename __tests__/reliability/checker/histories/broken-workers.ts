import { ADDED_AT, buildJob } from "../../../support/build-job.ts";
import type { BrokenHistory } from "./broken-history.ts";
import {
  committed,
  factOf,
  handler,
  lifeUntil,
  lifeWith,
  message,
  received,
  settled,
  soFar,
  step,
  worker,
} from "./sample-life.ts";

const other = buildJob({ type: "document" });
const told = { kind: "told", by: "worker-1" } as const;
const exited = { kind: "gone", by: "worker-1", how: "exited" } as const;
const running = lifeUntil("read");

export const BROKEN_WORKERS: readonly BrokenHistory[] = [
  {
    breaks: 21,
    when: "a type is scaled to zero while its queue holds messages",
    history: soFar([{ kind: "scaled", type: "document", desired: 0, messages: 3 }]),
  },
  {
    breaks: 22,
    when: "a worker claims after it was told to shut down, by its own clock",
    history: soFar(lifeWith({ received: [factOf("received"), { ...told, at: ADDED_AT + 999 }] })),
  },
  {
    breaks: 22,
    when: "a worker claims what it received after it was told to shut down",
    history: soFar(lifeWith({ received: [told, factOf("received")] })),
  },
  { breaks: 22, when: "a worker exits without handing back its job", history: soFar([...running, told, exited]) },
  { breaks: 22, when: "a worker that was told to shut down does not", history: settled([...lifeWith(), told]) },
  {
    breaks: 23,
    when: "a worker runs more handlers than it has room for",
    history: soFar([
      ...running,
      message("sent", "api", "m-2", other.id),
      committed("api", other),
      committed("worker-1", step(other, "claim", 2)),
      handler("handlerStarted", "worker-1", 1, other.id),
    ]),
  },
  {
    breaks: 25,
    when: "a worker receives from another type's queue",
    history: soFar([worker("worker-1"), received("worker-1", "m-9", other.id, "image")]),
  },
  {
    breaks: 25,
    when: "a worker claims another type's job",
    history: soFar(lifeWith({ workerStarted: [worker("worker-1", "image")] })),
  },
];
