import type { Job, JobStatus } from "../../../domain/job.ts";
import { isNewerState } from "../../../domain/newer-state.ts";
import type { ApiCall } from "../world/api-calls.ts";
import type { LifeStep, ScriptName } from "./life-steps.ts";

type Answer = NonNullable<ApiCall["answer"]>;
type Add = Extract<LifeStep, { readonly do: "add" }>;

/** Says what is wrong with an answer, if anything, by what was known when it was asked for. */
export type Prediction = (answer: Answer) => string | undefined;

interface KnownJob {
  /** Of the request that was accepted last. */
  script: ScriptName;
  /** The newest state that an answer has shown. */
  newest: Job;
  isCancelAsked: boolean;
  /** Days have passed since it was added, so it may have expired. */
  isAged: boolean;
}

/** Adds with one idempotency key. */
interface KnownKey {
  /** All requests that were made with it. */
  readonly asked: Set<string>;
  accepted: { readonly request: string; readonly jobId: string } | undefined;
  isAged: boolean;
}

const ENDED_OTHERWISE: readonly JobStatus[] = ["SUCCEEDED", "FAILED"];

/** How each script ends when nothing disturbs it. */
const ENDS: Readonly<Record<ScriptName, string>> = {
  success: "SUCCEEDED",
  slow: "SUCCEEDED",
  "times out": "SUCCEEDED",
  flaky: "SUCCEEDED",
  "retry after": "SUCCEEDED",
  failing: "FAILED RetryAfter",
  permanent: "FAILED PermanentError",
  resuming: "SUCCEEDED",
  large: "SUCCEEDED",
};
/** How any job may end when workers die, stand still or get its message too often, or time jumps. */
const DISTURBED_ENDS = ["FAILED JobExpired", "FAILED WorkerLost", "FAILED DeadLettered", "FAILED JobTimeout"];

/** All that the clients of a run may take for granted, by the answers that they have got. */
export class LifeModel {
  readonly #jobs = new Map<string, KnownJob>();
  readonly #keys = new Map<string, KnownKey>();

  /** IDs of the jobs that were accepted, oldest first. */
  get known(): readonly string[] {
    return [...this.#jobs.keys()];
  }

  /** Days pass. */
  age(): void {
    for (const job of this.#jobs.values()) job.isAged = true;
    for (const key of this.#keys.values()) key.isAged = true;
  }

  askToAdd({ key, script, delayed }: Add): Prediction {
    const asked = JSON.stringify([script, delayed]);
    if (key === undefined) return (answer) => unless(answer, [202]) ?? this.#accept(answer.body, script, undefined);
    const known = this.#keys.get(key) ?? { asked: new Set<string>(), accepted: undefined, isAged: false };
    this.#keys.set(key, known);
    known.asked.add(asked);
    const { accepted } = known;
    return (answer) => {
      const isOnly = known.asked.size === 1;
      const certain = accepted !== undefined && !known.isAged ? [accepted.request === asked ? 202 : 409] : undefined;
      const wrong = unless(answer, certain ?? (isOnly ? [202] : [202, 409]));
      if (wrong !== undefined || answer.status !== 202) return wrong;
      if (accepted !== undefined && answer.body.id !== accepted.jobId)
        return `the key ${key} made ${accepted.jobId} and ${answer.body.id}`;
      known.accepted = { request: asked, jobId: answer.body.id };
      return this.#accept(answer.body, script, accepted?.jobId);
    };
  }

  askToCancel(id: string): Prediction {
    const job = this.#jobs.get(id);
    if (job === undefined) return (answer) => unless(answer, [404]);
    job.isCancelAsked = true;
    const { status } = job.newest;
    return (answer) => {
      const certain = ENDED_OTHERWISE.includes(status) ? [409] : status === "CANCELLED" ? [200] : [200, 202, 409];
      const wrong = unless(answer, job.isAged ? [200, 202, 409, 404] : certain);
      if (wrong !== undefined || answer.status > 299) return wrong;
      const { status: now, cancelRequestedAt } = answer.body;
      if (answer.status === 200 && now !== "CANCELLED") return `a cancel was answered 200 with ${now}`;
      if (answer.status === 202 && (now !== "RUNNING" || cancelRequestedAt === undefined))
        return `a cancel was answered 202 with ${now}`;
      return see(job, answer.body);
    };
  }

  askToGet(id: string): Prediction {
    const job = this.#jobs.get(id);
    if (job === undefined) return (answer) => unless(answer, [404]);
    return (answer) => {
      const wrong = unless(answer, job.isAged ? [200, 404] : [200]);
      return wrong ?? (answer.status === 200 ? see(job, answer.body) : undefined);
    };
  }

  /** Says what is wrong with a job's stored end. @param disturbed whether anything else than time and requests came to it. */
  end(job: Job, disturbed: boolean): string | undefined {
    const known = this.#jobs.get(job.id);
    if (known === undefined) return undefined;
    const end = job.status === "FAILED" ? `FAILED ${job.error?.code}` : job.status;
    const possible = [
      ENDS[known.script],
      ...(known.isCancelAsked ? ["CANCELLED"] : []),
      ...(disturbed || known.isAged ? DISTURBED_ENDS : []),
    ];
    return possible.includes(end)
      ? undefined
      : `job ${job.id} (${known.script}) ended as ${end}, not as ${possible.join(" or ")}`;
  }

  #accept(body: Job, script: ScriptName, earlier: string | undefined): string | undefined {
    const known = this.#jobs.get(body.id);
    if (known !== undefined && known.newest.createdAt === body.createdAt) {
      // A read may have told of the job that took an expired one's place before its add was answered.
      known.script = script;
      return earlier === undefined ? undefined : see(known, body);
    }
    this.#jobs.set(body.id, {
      script,
      newest: body,
      isCancelAsked: known?.isCancelAsked ?? false,
      isAged: known?.isAged ?? false,
    });
    return undefined;
  }
}

function unless({ status, body }: Answer, possible: readonly number[]): string | undefined {
  return possible.includes(status) ? undefined : `answered ${status}, not ${possible.join(" or ")}: ${JSON.stringify(body)}`;
}

/** A newer state of the same job, or the same: requests under way together may be answered in any order. */
function see(job: KnownJob, seen: Job): string | undefined {
  const { newest } = job;
  if (seen.createdAt === newest.createdAt && ENDED_OTHERWISE.includes(newest.status) && seen.version > newest.version) {
    return `job ${seen.id} ended as ${newest.status}, and then became ${seen.status}`;
  }
  if (isNewerState(seen, newest)) job.newest = seen;
  return undefined;
}
