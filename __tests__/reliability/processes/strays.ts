import { setTimeout as delay } from "node:timers/promises";
import { isTerminal, type StoredJob } from "../../../domain/job.ts";
import { newJobId } from "../../../domain/job-id.ts";
import { JobQueue } from "../../../domain/job-queue.ts";
import type { ChaosPlatform } from "./chaos-platform.ts";

const LOOK_MS = 50;

/**
 * Sends messages that must do nothing, once so many jobs of each type have ended: the ID of each of those to the queues of the
 * other types and to the dead letters of its own (an operator redrove it), and as many IDs that no job has.
 */
export async function sendStrays(platform: ChaosPlatform, perType: number): Promise<void> {
  const { clients, jobTypes, recorder } = platform;
  const queuesOf = (type: string) => platform.queuesOf(type);
  const ended = (type: string): StoredJob[] => recorder.jobs.filter((job) => job.type === type && isTerminal(job));
  while (!platform.isStopping && jobTypes.some(({ name }) => ended(name).length < perType)) await delay(LOOK_MS);
  const sends = jobTypes.flatMap(({ name }) => [
    ...ended(name)
      .slice(0, perType)
      .flatMap(({ id }) => [
        ...jobTypes.filter((other) => other.name !== name).map((other) => [queuesOf(other.name).jobs, id] as const),
        [queuesOf(name).deadLetters, id] as const,
      ]),
    ...Array.from({ length: perType }, () => [queuesOf(name).jobs, newJobId(name, Date.now())] as const),
  ]);
  await Promise.all(sends.map(([queueUrl, jobId]) => new JobQueue({ client: clients.sqs, queueUrl }).send({ jobId })));
}
