import { ADDED_AT } from "../../../support/build-job.ts";
import type { LegalHistory } from "./legal-history.ts";
import {
  ADDED,
  accepted,
  answered,
  CLAIMED,
  delivered,
  EXITED,
  ends,
  factOf,
  handler,
  lifeUntil,
  lifeWith,
  made,
  message,
  published,
  RETRIED,
  RETRIED_CLAIM,
  RUNNING,
  received,
  refused,
  SECOND_WORKER,
  SUCCEEDED,
  settled,
  TAKEN_OVER,
  TOLD,
} from "./sample-life.ts";

export const LEGAL_RACES: readonly LegalHistory[] = [
  {
    when: "a worker that stood still finds its job taken over, and runs on for a while",
    history: settled([
      ...RUNNING,
      SECOND_WORKER,
      received("worker-2"),
      ...made("worker-2", TAKEN_OVER),
      handler("handlerStarted", "worker-2", 2),
      ...ends("worker-2", TAKEN_OVER),
      handler("handlerEnded", "worker-1"),
      handler("handlerEnded", "worker-2", 2),
    ]),
  },
  {
    when: "a handler that nothing can stop runs beside the next one",
    history: settled([
      ...RUNNING,
      ...made("worker-1", RETRIED),
      received("worker-1"),
      ...made("worker-1", RETRIED_CLAIM),
      handler("handlerStarted", "worker-1", 2),
      ...ends("worker-1", RETRIED_CLAIM),
      handler("handlerEnded", "worker-1", 2),
      handler("handlerEnded", "worker-1"),
    ]),
  },
  {
    when: "what a process tells of its handlers comes after what it told the table",
    history: settled([
      ...lifeWith({ handlerStarted: [], handlerEnded: [], deleted: [factOf("deleted"), factOf("handlerStarted")] }),
      TOLD,
      EXITED,
    ]),
  },
  {
    when: "a message comes twice, and is deleted through a stale handle",
    history: settled([
      ...lifeUntil("received"),
      SECOND_WORKER,
      received("worker-2"),
      ...lifeWith().slice(6),
      received("worker-2"),
      published("worker-2", SUCCEEDED),
      message("deleted", "worker-2"),
      message("deleted", "worker-2"),
    ]),
  },
  {
    when: "an add is repeated, and its second message outlives the job",
    history: settled(
      lifeWith({
        accepted: [
          accepted(ADDED, "key"),
          message("sent", "api", "m-2"),
          published("api", ADDED),
          accepted(ADDED, "key"),
          refused("key", "another"),
        ],
        deleted: [
          factOf("deleted"),
          received("worker-1", "m-2"),
          published("worker-1", SUCCEEDED),
          message("deleted", "worker-1", "m-2"),
        ],
      }),
    ),
  },
  {
    when: "the Lambda dies between message and job",
    history: settled([
      message("sent", "api"),
      received("worker-1"),
      received("worker-1", "m-1", ADDED.id, "document", 60),
      message("deleted", "worker-1"),
    ]),
  },
  {
    when: "the Lambda dies between message and job, and a repeated add makes the job while the message is deleted",
    history: settled(
      lifeWith({
        sent: [message("sent", "api", "m-0"), received("worker-1", "m-0", ADDED.id, "document", 60), factOf("sent")],
        created: [factOf("created"), message("deleted", "worker-1", "m-0")],
      }),
    ),
  },
  {
    when: "the Lambda dies between job and event",
    history: settled(lifeWith({ creationPublished: [], accepted: [], creationDelivered: [] })),
  },
  {
    when: "events come twice and in another order",
    history: settled(
      lifeWith({
        creationDelivered: [delivered(SUCCEEDED)],
        endDelivered: [delivered(ADDED), delivered(CLAIMED)],
        endPublished: [factOf("endPublished"), factOf("claimPublished"), factOf("endPublished")],
      }),
    ),
  },
  {
    when: "a claim was under way when its worker was told to shut down",
    history: settled([...lifeWith({ received: [factOf("received"), { ...TOLD, at: ADDED_AT + 1_000 }] }), EXITED]),
  },
  {
    when: "a claim was under way when its worker was told to shut down, nobody knows since when",
    history: settled([...lifeWith({ received: [factOf("received"), TOLD] }), EXITED]),
  },
  {
    when: "an earlier read of another client is answered last",
    history: settled([...lifeWith(), answered("get", 200, CLAIMED, "other")]),
  },
  {
    when: "the claim's answers were all lost",
    history: settled(lifeWith({ claimed: [{ kind: "unanswered", by: "worker-1", jobId: ADDED.id }] })),
  },
  {
    when: "a worker hears of a job before the answer of who added it",
    history: settled(
      lifeWith({
        created: [],
        claimed: [factOf("claimed"), factOf("created")],
        creationPublished: [],
        accepted: [],
        creationDelivered: [],
        claimDelivered: [factOf("creationPublished"), factOf("accepted"), factOf("creationDelivered"), factOf("claimDelivered")],
        read: [],
        readAgain: [],
      }),
    ),
    overtaken: true,
  },
  {
    when: "another worker publishes a job's end and deletes its message before the answer of who ended it",
    history: settled(
      lifeWith({
        ended: [
          SECOND_WORKER,
          received("worker-2"),
          published("worker-2", SUCCEEDED),
          message("deleted", "worker-2"),
          factOf("ended"),
        ],
      }),
    ),
    overtaken: true,
  },
];
