import { createHash } from "node:crypto";
import { ownerGroup } from "@autoscaling-job-queues/domain/group-id";
import { isTerminal } from "@autoscaling-job-queues/domain/job";
import { jobIdForKey, typeOfJobId } from "@autoscaling-job-queues/domain/job-id";
import type { JobPage, JobQuery } from "@autoscaling-job-queues/domain/job-list";
import type { JobTypeRegistry, RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { MAX_MESSAGE_DELAY_SECONDS } from "@autoscaling-job-queues/domain/limits";
import type { DueJobEvent, DueScheduleEvent, ScheduleEvent } from "@autoscaling-job-queues/domain/schedule-event";
import { scheduleOwner } from "@autoscaling-job-queues/domain/schedule-settings";
import { Problem } from "../http/problem.ts";
import { type AddOnceDependencies, addOnce } from "./add-once.ts";

export interface RunScheduleDependencies extends AddOnceDependencies {
  readonly registry: Pick<JobTypeRegistry, "get">;
  readonly list: (query: JobQuery) => Promise<JobPage>;
}

/**
 * Does what is due. Whoever invokes it may do so again: a message that is sent twice is a duplicate, and a job that is added twice is one.
 *
 * @throws where it is not done, and is to be tried again.
 */
export async function runSchedule(event: ScheduleEvent, dependencies: RunScheduleDependencies): Promise<void> {
  if ("jobId" in event) await sendDueJob(event, dependencies);
  else await addDueJob(event, dependencies);
}

/** Sends the message of a job that is due. That there is such a job, and that it has not ended, its worker sees. */
async function sendDueJob({ jobId, runAt, groupId }: DueJobEvent, dependencies: RunScheduleDependencies): Promise<void> {
  const { queue, wake, telemetry, now } = dependencies;
  const jobType = await registered(typeOfJobId(jobId), dependencies);
  // The scheduler's times are true to the minute.
  const early = Math.min(MAX_MESSAGE_DELAY_SECONDS, Math.max(0, Math.ceil((Date.parse(runAt) - now()) / 1_000)));
  const message = { jobId, ...(groupId === undefined ? {} : { groupId }) };
  await queue(jobType.queueUrl).send({ ...message, ...(early === 0 ? {} : { delaySeconds: early }) });
  await wake(jobType);
  telemetry.logger.info("job is due", { jobId, jobType: jobType.name });
  telemetry.count("JobsDue", { jobType: jobType.name });
}

/** Adds the job of a schedule's time, once: its ID derives from the schedule and the time. */
async function addDueJob(event: DueScheduleEvent, dependencies: RunScheduleDependencies): Promise<void> {
  const { list, telemetry } = dependencies;
  const { schedule, scheduledTime } = event;
  const jobType = await registered(event.jobType, dependencies);
  const owner = scheduleOwner(jobType.name, schedule);
  const id = jobIdForKey(jobType.name, owner, new Date(scheduledTime).toISOString());
  const place = { jobType: jobType.name, schedule, scheduledTime };
  if (event.skipWhileRunning) {
    // Of its type: the workers of another may have written any owner into theirs.
    const [last] = (await list({ owner, types: [jobType.name], limit: 1 })).jobs;
    if (last !== undefined && last.id !== id && !isTerminal(last)) {
      telemetry.logger.info("schedule skipped: its last job has not ended", { ...place, jobId: last.id });
      return telemetry.count("SchedulesSkipped", { jobType: jobType.name });
    }
  }
  const input = JSON.stringify(event.input);
  const asked = {
    id,
    owner,
    groupId: ownerGroup(owner),
    requestHash: createHash("sha256")
      .update(JSON.stringify([id, input]))
      .digest("hex"),
    jobType,
    mayExist: true,
    payload: async () => ({ input }),
  };
  try {
    await addOnce(asked, dependencies);
  } catch (error) {
    // Trying again would change nothing: the type takes no more jobs, or has one of this time with another input.
    if (!(error instanceof Problem)) throw error;
    telemetry.logger.warn("schedule added no job", { ...place, code: error.code, reason: error.message });
  }
}

async function registered(name: string, { registry }: RunScheduleDependencies): Promise<RegistryEntry> {
  const jobType = await registry.get(name);
  if (jobType === undefined) throw new Error(`job type ${name} is not registered, so nothing of it can be due`);
  return jobType;
}
