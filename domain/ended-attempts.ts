import type { JobError } from "./errors.ts";
import type { Job, StoredJob } from "./job.ts";
import { MAX_ATTEMPT_MESSAGE_CHARACTERS, MAX_ENDED_ATTEMPTS } from "./limits.ts";

/** An attempt that ended without ending its job, as the job tells it. */
export type EndedAttempt = NonNullable<Job["attempts"]>[number];
export type AttemptOutcome = EndedAttempt["outcome"];

/** What a transition that ends an attempt must have seen of the version that it replaces. */
export type HeldJob = Pick<StoredJob, "attempt" | "attempts" | "updatedAt" | "leaseOwner" | "leaseExpiresAt">;

interface AttemptEnding {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly error?: JobError | undefined;
}

/** In no host's name, and in no image's tag. */
const BEFORE_IMAGE = " ";

/** Who holds a lease: a worker, and its image's tag where it knows it. One attribute, as DynamoDB bills a claim by the whole item. */
export function leaseOwner(worker: string, image: string | undefined): string {
  return image === undefined ? worker : `${worker}${BEFORE_IMAGE}${image}`;
}

/**
 * The attempts of a job once the one that it is in has ended, oldest first: the last ten. It needs no read, as whoever ends an attempt has
 * seen the version that it replaces, which began with the attempt: a cancel request, the only other version of a running job, is followed
 * by no transition that tells of one.
 *
 * @returns undefined where there is nothing to tell.
 */
export function withEndedAttempt(
  held: Partial<HeldJob>,
  outcome: AttemptOutcome,
  ending: AttemptEnding,
): readonly EndedAttempt[] | undefined {
  const { attempt, attempts, updatedAt: startedAt, leaseOwner: owner, leaseExpiresAt } = held;
  const before = Array.isArray(attempts) ? attempts : [];
  if (attempt === undefined || startedAt === undefined || owner === undefined) return attempts;
  const isLost = outcome === "lost";
  const [worker = "", image] = owner.split(BEFORE_IMAGE);
  const ended: EndedAttempt = {
    attempt,
    startedAt,
    // Nobody knows when its worker died. Its lease ended then, at the latest.
    endedAt: new Date(isLost ? (leaseExpiresAt ?? ending.now) : ending.now).toISOString(),
    outcome,
    // What is said when the job of a lost attempt fails is the job's.
    ...(isLost || ending.error === undefined ? {} : { error: shortened(ending.error) }),
    worker,
    ...(image === undefined ? {} : { image }),
  };
  return [...before, ended].slice(-MAX_ENDED_ATTEMPTS);
}

function shortened({ code, message }: JobError): JobError {
  if (message.length <= MAX_ATTEMPT_MESSAGE_CHARACTERS) return { code, message };
  return { code, message: `${message.slice(0, MAX_ATTEMPT_MESSAGE_CHARACTERS - 1).toWellFormed()}…` };
}
