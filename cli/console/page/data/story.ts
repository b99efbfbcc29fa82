import { spanOf } from "../../../output/quantities.ts";
import { secondsBetween, shortPrincipal } from "../format.ts";
import type { Job, PastAttempt } from "./types.ts";

export type StoryKind = "added" | "attempt" | "failed" | "running" | "waiting" | "cancel" | "succeeded" | "cancelled";

/** A step of a job's life. */
export interface StoryStep {
  readonly kind: StoryKind;
  readonly title: string;
  /** ISO 8601; undefined of what has no time of its own. */
  readonly at: string | undefined;
  readonly text?: string;
  /** Smaller: worker and image. */
  readonly details?: string;
}

const OUTCOMES: Readonly<Record<string, string>> = {
  retry: "failed",
  released: "was handed back, at no cost",
  lost: "was lost with its worker",
};

/** A job's life from its end to its beginning, as its record tells it. */
export function storyOf(job: Job): readonly StoryStep[] {
  return [...beginning(job), ...(job.attempts ?? []).flatMap(pastSteps), ...present(job)].reverse();
}

function beginning({ createdAt, owner, retryOf, runAt, startedAt }: Job): StoryStep[] {
  const later = runAt !== undefined && Date.parse(runAt) > Date.parse(createdAt) + 1_000 ? `due at ${runAt}` : undefined;
  const waited =
    startedAt === undefined ? undefined : `waited ${spanOf(secondsBetween(runAt ?? createdAt, startedAt))} for a worker`;
  const text = [retryOf === undefined ? undefined : `does ${retryOf} again`, later, waited]
    .filter((part) => part !== undefined)
    .join("; ");
  return [
    { kind: "added", title: "Added", at: createdAt, details: `by ${shortPrincipal(owner)}`, ...(text === "" ? {} : { text }) },
  ];
}

function pastSteps({ attempt, startedAt, endedAt, outcome, error, worker, image }: PastAttempt): StoryStep[] {
  const took = startedAt === undefined ? "" : ` after ${spanOf(secondsBetween(startedAt, endedAt))}`;
  const details = [worker, image].filter((part) => part !== undefined).join(" · ");
  return [
    {
      kind: outcome === "released" ? "attempt" : "failed",
      title: `Attempt ${attempt} ${OUTCOMES[outcome] ?? outcome}${took}`,
      at: endedAt,
      ...(error === undefined ? {} : { text: `${error.code}: ${error.message}` }),
      ...(details === "" ? {} : { details }),
    },
  ];
}

function present(job: Job): StoryStep[] {
  const { status, attempt, maxAttempts, startedAt, finishedAt, updatedAt, error, cancelRequestedAt, heartbeatAt, nextAttemptAt } =
    job;
  const asked: StoryStep[] =
    cancelRequestedAt === undefined ? [] : [{ kind: "cancel", title: "Asked to stop", at: cancelRequestedAt }];
  const failure = error === undefined ? {} : { text: `${error.code}: ${error.message}` };
  switch (status) {
    case "QUEUED": {
      const title = attempt === 0 ? "Waits for its first attempt" : `Waits for attempt ${attempt + 1} of ${maxAttempts}`;
      return [...asked, { kind: "waiting", title, at: nextAttemptAt }];
    }
    case "RUNNING": {
      const beat = heartbeatAt === undefined ? {} : { text: `last heartbeat ${heartbeatAt}` };
      return [
        {
          kind: "running",
          title: `Attempt ${attempt} of ${maxAttempts} runs`,
          at: attempt === 1 ? startedAt : updatedAt,
          ...beat,
        },
        ...asked,
      ];
    }
    case "SUCCEEDED":
      return [...asked, { kind: "succeeded", title: `Succeeded in attempt ${attempt}${ranFor(job)}`, at: finishedAt }];
    case "FAILED":
      return [
        ...asked,
        {
          kind: "failed",
          title: attempt === 0 ? "Failed" : `Failed in attempt ${attempt}${ranFor(job)}`,
          at: finishedAt,
          ...failure,
        },
      ];
    default:
      return [...asked, { kind: "cancelled", title: "Cancelled", at: finishedAt }];
  }
}

/** How long the one attempt took; of several, only the first one's beginning is kept. */
function ranFor({ attempt, startedAt, finishedAt }: Job): string {
  if (attempt !== 1 || startedAt === undefined || finishedAt === undefined) return "";
  return `, which took ${spanOf(secondsBetween(startedAt, finishedAt))}`;
}
