import { withEndedAttempt } from "../../domain/ended-attempts.ts";
import type { StoredJob } from "../../domain/job.ts";
import { listPartitionIn, typeStatusKey } from "../../domain/list-partitions.ts";
import { valueFrom } from "../../domain/transition-values.ts";
import {
  type Guard,
  TRANSITIONS,
  type Transition,
  type TransitionName,
  type TransitionValues,
} from "../../domain/transitions.ts";

/**
 * Applies a transition in memory, exactly as DynamoDB does it for the compiled update.
 *
 * @param version the version that the caller expects to replace.
 * @returns the next state, or undefined where the stored job does not meet the transition's conditions.
 */
export function applyTransition(
  job: StoredJob,
  version: number,
  name: TransitionName,
  values: TransitionValues,
): StoredJob | undefined {
  const transition: Transition = TRANSITIONS[name];
  const allowed =
    job.status === transition.from && job.version === version && transition.guards.every((guard) => holds(guard, job, values));
  if (!allowed) return undefined;
  const next: Record<string, unknown> = {
    ...job,
    status: transition.to,
    typeStatus: typeStatusKey(job.type, transition.to, listPartitionIn(job.typeStatus)),
    version: job.version + 1,
    updatedAt: valueFrom("time", values),
    lastWriteId: values.writeId,
  };
  for (const change of transition.changes) {
    if ("remove" in change) delete next[change.remove];
    else if ("append" in change) {
      const attempts = withEndedAttempt(job, change.outcome, values);
      if (attempts !== undefined) next[change.append] = attempts;
    } else if ("increment" in change) next[change.increment] = job[change.increment] + 1;
    else if ("setOnce" in change) next[change.setOnce] ??= valueFrom(change.from, values);
    else if (valueFrom(change.from, values) !== undefined) next[change.set] = valueFrom(change.from, values);
  }
  return next as unknown as StoredJob;
}

function holds(guard: Guard, job: StoredJob, values: TransitionValues): boolean {
  switch (guard.is) {
    case "absent":
      return job[guard.attribute] === undefined;
    case "present":
      return job[guard.attribute] !== undefined;
    case "held":
      return job.attempt === values.attempt;
    case "past":
      return job.leaseExpiresAt !== undefined && job.leaseExpiresAt < values.now;
    case "due":
      return (job[guard.attribute] ?? "") <= String(valueFrom("time", values));
  }
}
