import { isScheduled } from "@autoscaling-job-queues/domain/job";
import type { QueueDepth } from "@autoscaling-job-queues/domain/queue-depth";
import { COUNTS_LAG_MS, counted, inWords, known, lostWorker, needsWorker, type Rule, startedTasks, waitedMs } from "./rule.ts";

/** What the type's entry, its pause, its queues and its service show of a job that needs a worker. */

/** EventBridge Scheduler invokes within the minute for which a schedule is set; a failed try is made again (0031). */
const SCHEDULER_MS = 2 * 60_000;
/** From when on a message that no count of its queue shows is not there, and not only late to be counted. */
const GONE_MS = 2 * COUNTS_LAG_MS;

export const typePaused: Rule = (evidence) => {
  const { job, now, pause, queue } = evidence;
  if (!pause || !needsWorker(evidence)) return undefined;
  const { by, at, reason } = pause;
  return {
    code: "TypePaused",
    summary: `The type ${job.type} was paused ${inWords(now - Date.parse(at))} ago by ${by}${reason === undefined ? "" : `: ${reason}`}`,
    nextStep: `jobs resume ${job.type} starts its jobs again.`,
    facts: known({ pausedBy: by, pausedAt: at, pauseReason: reason, visible: queue?.visible, ...lostWorker(evidence) }),
  };
};

export const typeUnknown: Rule = (evidence) => {
  const { job, type } = evidence;
  if (type !== null || !needsWorker(evidence)) return undefined;
  return {
    code: "NoWorkerAskedFor",
    summary: `The job type ${job.type} is not registered any more, so that it has neither a queue nor workers.`,
    nextStep: `Deploy the type again to run its jobs, or end this one: jobs cancel ${job.id}.`,
    facts: { jobType: job.type, registered: false },
  };
};

/** Between the time that it is due and the minute's end, a job for later waits for the scheduler. */
export const scheduleDue: Rule = (evidence) => {
  const { job, queue } = evidence;
  if (!needsWorker(evidence) || !isScheduled(job) || job.attempt > 0) return undefined;
  if (!isEmpty(queue) || waitedMs(evidence) > SCHEDULER_MS) return undefined;
  return {
    code: "WaitsForDelay",
    summary: "It has just become due, and the scheduler sends its message within the minute.",
    nextStep: "Wait a minute, then ask again.",
    facts: known({ runAt: job.runAt, ...queue }),
  };
};

/** SQS does not say where one message is: that of a job is among the dead letters when no other place holds any. */
export const deadLettered: Rule = (evidence) => {
  const { job, queue, deadLetters = 0 } = evidence;
  if (!needsWorker(evidence) || !isEmpty(queue) || deadLetters === 0 || waitedMs(evidence) < GONE_MS) return undefined;
  return {
    code: "MessageDeadLettered",
    summary: `Its queue is empty, and ${counted(deadLetters, "message")} of its type ${deadLetters === 1 ? "is" : "are"} in the dead-letter queue: its own is among them.`,
    nextStep: `The Lambda dead-letter ends such jobs within minutes, and its log says what keeps it from that; then jobs redrive ${job.type} does them again.`,
    facts: known({ deadLetters, ...queue, attempt: job.attempt, ...lostWorker(evidence) }),
  };
};

export const messageGone: Rule = (evidence) => {
  const { job, queue, deadLetters } = evidence;
  if (!needsWorker(evidence) || !isEmpty(queue) || deadLetters !== 0 || waitedMs(evidence) < GONE_MS) return undefined;
  const facts = known({
    ...queue,
    deadLetters,
    runAt: job.runAt,
    waitedSeconds: seconds(waitedMs(evidence)),
    ...lostWorker(evidence),
  });
  if (isScheduled(job) && job.attempt === 0) {
    return {
      code: "NoWorkerAskedFor",
      summary: `It has been due for ${inWords(waitedMs(evidence))}, and its schedule has not sent its message.`,
      nextStep: `The log of the Lambda schedule says why, and operations.md, "Jobs that are due", what to do. Or: jobs cancel ${job.id}, and add it again.`,
      facts,
    };
  }
  return {
    code: "NoWorkerAskedFor",
    summary: "No queue of its type holds a message, so that no worker will hear of it: its message was deleted or purged.",
    nextStep: `Send its ID to the type's queue again (npm run resend-jobs -- --type ${job.type}; operations.md, "Jobs that are due"), or jobs cancel ${job.id} and add it again.`,
    facts,
  };
};

export const noService: Rule = (evidence) => {
  const { job, type, service } = evidence;
  if (!needsWorker(evidence) || service !== null || !type) return undefined;
  return {
    code: "NoWorkerAskedFor",
    summary: `ECS has no active service ${type.wake.service} in the cluster ${type.wake.cluster}, so that nothing can run its jobs.`,
    nextStep: `Apply the Terraform of ${job.type} again; its jobs wait in the queue meanwhile.`,
    facts: { service: type.wake.service, cluster: type.wake.cluster },
  };
};

export const noTaskWanted: Rule = (evidence) => {
  const { job, service, queue, type, pause } = evidence;
  if (!needsWorker(evidence) || pause === undefined || !service || service.desired > 0 || startedTasks(evidence) > 0)
    return undefined;
  return {
    code: "NoWorkerAskedFor",
    summary: `Its service shall run no task, although it has waited for ${inWords(waitedMs(evidence))}: nobody has asked for a worker.`,
    nextStep: `The scale-out alarm asks for one within some minutes. If it does not: "service not woken" in the log of the Lambda add-job says why, and another job of ${job.type} asks again.`,
    facts: known({
      desiredTasks: 0,
      runningTasks: service.running,
      maxTasks: type?.maxTasks,
      visible: queue?.visible,
      waitedSeconds: seconds(waitedMs(evidence)),
      ...lostWorker(evidence),
    }),
  };
};

export function isEmpty(queue: QueueDepth | undefined): boolean {
  return queue !== undefined && queue.visible + queue.inFlight + queue.delayed === 0;
}

export function seconds(ms: number): number {
  return Math.round(ms / 1_000);
}
