const JOBS = "-jobs";
const DEAD_LETTERS = "-dead-letters";

/**
 * The names of a job type's queues. No two types of one environment can share one: what follows the type's name is always there.
 *
 * @param prefix of the environment's names.
 */
export function queueNames(prefix: string, jobType: string): { readonly jobs: string; readonly deadLetters: string } {
  return { jobs: `${prefix}-${jobType}${JOBS}`, deadLetters: `${prefix}-${jobType}${DEAD_LETTERS}` };
}

/** A queue's name, from its URL or its ARN. */
export function queueName(urlOrArn: string): string {
  return urlOrArn.slice(Math.max(urlOrArn.lastIndexOf("/"), urlOrArn.lastIndexOf(":")) + 1);
}

/** The URL of the queue that holds the dead letters of the queue of jobs at a URL. */
export function deadLettersUrl(jobsUrl: string): string {
  return `${jobsUrl.slice(0, -JOBS.length)}${DEAD_LETTERS}`;
}

/** Whether a queue holds the dead letters of the queue of jobs at a URL. Both are of one account and region. */
export function holdsDeadLettersOf(deadLettersArn: string, jobsUrl: string): boolean {
  const jobs = queueName(jobsUrl);
  return jobs.endsWith(JOBS) && queueName(deadLettersArn) === `${jobs.slice(0, -JOBS.length)}${DEAD_LETTERS}`;
}

/**
 * Whether a queue may hold the dead letters of a type that is not registered, which its name alone tells, in some environment: a
 * type whose name ends like this one's has such a queue too.
 */
export function mayHoldDeadLettersOf(deadLettersArn: string, jobType: string): boolean {
  return queueName(deadLettersArn).endsWith(`-${jobType}${DEAD_LETTERS}`);
}
