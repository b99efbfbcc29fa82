import type { Job, StoredJob } from "@autoscaling-job-queues/domain/job";
import { type DueJobEvent, dueJobInput } from "@autoscaling-job-queues/domain/schedule-event";
import { jobScheduleName, scheduledSecond } from "@autoscaling-job-queues/domain/schedule-settings";
import type { OneTimeSchedule, SchedulerCalls } from "./scheduler-calls.ts";

/** Writes tried for one schedule: each is lost only to another change of the same one. */
const MAX_ROUNDS = 3;

/** The schedules of jobs that are due later: one for each, which runs once, and deletes itself then. */
export class JobSchedules {
  readonly #load: () => Promise<SchedulerCalls>;
  #calls: Promise<SchedulerCalls> | undefined;

  /** @param load gives the calls, when first used: few jobs are added for later. */
  constructor(load: () => Promise<SchedulerCalls>) {
    this.#load = load;
  }

  /**
   * Makes the schedule that sends the job's message when the job is due. One that is there under its name is of another request for the
   * job, with the same time, and becomes this one.
   */
  async put(job: StoredJob): Promise<void> {
    const calls = await this.#scheduler();
    const schedule = oneTimeSchedule(job);
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (await calls.create(schedule)) return;
      if (await calls.update(schedule)) return;
    }
    throw new Error(`the schedule of job ${job.id} was neither made nor found ${MAX_ROUNDS} times`);
  }

  /** Deletes the schedule of a job, if it is there. */
  async delete(job: Pick<Job, "id" | "runAt">): Promise<void> {
    await (await this.#scheduler()).delete(jobScheduleName(job));
  }

  #scheduler(): Promise<SchedulerCalls> {
    this.#calls ??= this.#load();
    return this.#calls;
  }
}

/** The schedules of this Lambda's environment. The SDK's client is loaded when first used. */
export function jobSchedules(): JobSchedules {
  return new JobSchedules(async () => (await import("./scheduler-calls.ts")).schedulerCalls());
}

/** Whole seconds are what an expression takes; an event that comes early waits on as a message. */
function oneTimeSchedule({ id, runAt = "", groupId }: StoredJob): OneTimeSchedule {
  const event: DueJobEvent = { jobId: id, runAt, ...(groupId === undefined ? {} : { groupId }) };
  return {
    name: jobScheduleName({ id, runAt }),
    at: new Date(scheduledSecond(runAt) * 1_000).toISOString().slice(0, "yyyy-mm-ddThh:mm:ss".length),
    input: dueJobInput(event),
  };
}
