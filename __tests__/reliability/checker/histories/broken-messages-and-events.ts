import type { BrokenHistory } from "./broken-history.ts";
import {
  ADDED,
  delivered,
  factOf,
  handler,
  lifeUntil,
  lifeWith,
  message,
  published,
  received,
  SUCCEEDED,
  settled,
  soFar,
  worker,
} from "./sample-life.ts";

const killed = { kind: "gone", by: "worker-2", how: "killed" } as const;
const running = lifeUntil("read");

export const BROKEN_MESSAGES_AND_EVENTS: readonly BrokenHistory[] = [
  {
    breaks: 4,
    when: "a handler runs for a job that nobody added",
    history: soFar([
      worker("worker-1"),
      message("sent", "stranger"),
      received("worker-1"),
      handler("handlerStarted", "worker-1"),
    ]),
  },
  {
    breaks: 4,
    when: "a message that may be ahead of its job is deleted",
    history: soFar([message("sent", "api"), received("worker-1"), message("deleted", "worker-1")]),
  },
  {
    breaks: 4,
    when: "one is deleted that was old enough only when another worker received it",
    history: soFar([
      message("sent", "api"),
      received("worker-1"),
      received("worker-2", "m-1", ADDED.id, "document", 60),
      message("deleted", "worker-1"),
    ]),
  },
  {
    breaks: 12,
    when: "a message is deleted while its job runs",
    history: soFar(lifeWith({ claimPublished: [factOf("deleted"), factOf("claimPublished")] })),
  },
  {
    breaks: 12,
    when: "a message that came after its job was made is deleted like one without a job",
    history: soFar(
      lifeWith({
        created: [
          factOf("created"),
          message("sent", "api", "m-0"),
          received("worker-1", "m-0", ADDED.id, "document", 60),
          message("deleted", "worker-1", "m-0"),
        ],
      }),
    ),
  },
  {
    breaks: 12,
    when: "a message is deleted before its job's end was published",
    history: soFar(lifeWith({ endPublished: [], deleted: [factOf("deleted"), factOf("endPublished")] })),
  },
  {
    breaks: 12,
    when: "a dead letter is let go of without a message in its place",
    history: soFar([...lifeUntil("claimPublished"), message("deadLettered", "sqs"), message("deleted", "mapping")]),
  },
  {
    breaks: 13,
    when: "a job is stored before its message is sent",
    history: soFar(lifeWith({ sent: [], created: [factOf("created"), factOf("sent")] })),
  },
  { breaks: 13, when: "a job that waits loses its message", history: soFar([...lifeUntil("received"), factOf("deleted")]) },
  { breaks: 13, when: "a job has not ended, and no queue holds its message", history: settled(running) },
  { breaks: 14, when: "a job runs for ever", history: settled(running, { messages: [{ queue: "document", jobId: ADDED.id }] }) },
  {
    breaks: 14,
    when: "an accepted job waits for ever, as its commits show",
    history: { facts: lifeUntil("accepted"), settled: true },
  },
  {
    breaks: 15,
    when: "a job is stuck after a worker was killed",
    history: settled([...running, killed], { messages: [{ queue: "document", jobId: ADDED.id }] }),
  },
  { breaks: 16, when: "a version is replaced before it was published", history: soFar(lifeWith({ claimPublished: [] })) },
  { breaks: 16, when: "a job's end is never published", history: settled(lifeWith({ endPublished: [] })) },
  {
    breaks: 16,
    when: "a caller is told of a version that was not published",
    history: soFar(lifeWith({ creationPublished: [] })),
  },
  {
    breaks: 17,
    when: "an event tells what was not committed",
    history: soFar(lifeWith({ endPublished: [published("worker-1", { ...SUCCEEDED, result: '"other"' })] })),
  },
  {
    breaks: 17,
    when: "an event comes of a version that was never made",
    history: soFar([...running, published("worker-1", SUCCEEDED)]),
  },
  {
    breaks: 17,
    when: "a worker publishes what it has yet to commit",
    history: soFar(lifeWith({ ended: [factOf("endPublished"), factOf("ended")], endPublished: [] })),
  },
  {
    breaks: 17,
    when: "a subscriber gets what was not committed",
    history: soFar(lifeWith({ endDelivered: [delivered({ ...SUCCEEDED, status: "FAILED" })] })),
  },
  { breaks: 18, when: "a subscriber never gets the end", history: settled(lifeWith({ endDelivered: [] })) },
  {
    breaks: 20,
    when: "the job of a dead letter stays open",
    history: settled([...running, message("deadLettered", "sqs")], { messages: [{ queue: "document-dead", jobId: ADDED.id }] }),
  },
];
