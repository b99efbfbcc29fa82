import { ADDED_AT, buildJob } from "../../../support/build-job.ts";
import type { BrokenHistory } from "./broken-history.ts";
import {
  ADDED,
  accepted,
  answered,
  CLAIMED,
  committed,
  factOf,
  lifeUntil,
  lifeWith,
  message,
  published,
  refused,
  SUCCEEDED,
  settled,
  soFar,
  worker,
} from "./sample-life.ts";

const other = buildJob({ type: "document" });

export const BROKEN_ANSWERS: readonly BrokenHistory[] = [
  {
    breaks: 1,
    when: "a caller is answered 202 before the job is stored",
    history: soFar(lifeWith({ created: [], accepted: [factOf("accepted"), factOf("created")] })),
  },
  { breaks: 1, when: "an accepted job is not in the table in the end", history: settled(lifeWith(), { jobs: [] }) },
  {
    breaks: 1,
    when: "the input of an accepted job cannot be read",
    history: settled(lifeWith(), {
      jobs: [{ ...SUCCEEDED, inputLocation: { bucket: "results", key: "inputs/1", bytes: 5_000 } }],
      hasObject: () => false,
    }),
  },
  {
    breaks: 2,
    when: "a caller is answered 202 without a message in any queue",
    history: soFar(lifeWith({ sent: [], received: [] })),
  },
  {
    breaks: 2,
    when: "a job is accepted into the queue of another type",
    history: soFar([
      worker("worker-1", "image"),
      ...lifeUntil("accepted")
        .slice(1)
        .map((fact) => (fact.kind === "sent" ? { ...fact, queue: "image" } : fact)),
    ]),
  },
  {
    breaks: 2,
    when: "a caller is answered 202 without a job",
    history: soFar([
      {
        kind: "answered",
        client: "client",
        request: { operation: "add", owner: "owner", type: "document", payload: "" },
        status: 202,
      },
    ]),
  },
  {
    breaks: 3,
    when: "a key is accepted with two payloads",
    history: soFar(lifeWith({ accepted: [accepted(ADDED, "key", "one"), accepted(ADDED, "key", "other")] })),
  },
  {
    breaks: 3,
    when: "a key makes two jobs",
    history: soFar(
      lifeWith({
        accepted: [
          accepted(ADDED, "key"),
          message("sent", "api", "m-2", other.id),
          committed("api", other),
          published("api", other),
          accepted(other, "key"),
        ],
      }),
    ),
  },
  {
    breaks: 3,
    when: "a key is refused with the payload that it was accepted with",
    history: soFar(lifeWith({ accepted: [accepted(ADDED, "key", "one"), refused("key", "one")] })),
  },
  {
    breaks: 3,
    when: "a second add overwrites the job",
    history: soFar(
      lifeWith({
        claimed: [
          factOf("claimed"),
          committed("api", { ...ADDED, createdAt: new Date(ADDED_AT + 1_500).toISOString(), lastWriteId: "second" }),
        ],
      }),
    ),
  },
  {
    breaks: 3,
    when: "a second add overwrites the job within a millisecond",
    history: soFar(lifeWith({ created: [factOf("created"), committed("api-2", { ...ADDED, lastWriteId: "second" })] })),
  },
  {
    breaks: 11,
    when: "a caller is told that a job is cancelled which succeeded",
    history: soFar([...lifeWith(), answered("cancel", 200, SUCCEEDED)]),
  },
  {
    breaks: 19,
    when: "a caller sees an older version than before",
    history: soFar(lifeWith({ readAgain: [factOf("readAgain"), answered("get", 200, CLAIMED)] })),
  },
  {
    breaks: 19,
    when: "a caller sees a version that another caller's answer had overtaken",
    history: soFar([...lifeWith(), answered("get", 200, CLAIMED, "other", lifeWith().length)]),
  },
  { breaks: 19, when: "a caller no longer finds its job", history: soFar(lifeWith({ read: [answered("get", 404)] })) },
  {
    breaks: 19,
    when: "a caller sees a state that was never stored",
    history: soFar(lifeWith({ read: [answered("get", 200, { ...CLAIMED, status: "FAILED" })] })),
  },
];
