/**
 * The limits that the design rests on, each with its source. Everything else is derived from these.
 * AWS limits are hard; the others are this project's own choices.
 */

/** SQS `DelaySeconds`: at most 15 minutes (SQS quotas, "Message timer"). */
export const MAX_MESSAGE_DELAY_SECONDS = 900;

/**
 * A job that is due within so long waits as a message of its queue. A worker takes about as long to start, so it is asked for at once. For
 * a job that is due later it would idle, and would stay, as the empty alarm counts delayed messages: a schedule sends that job's message.
 */
export const QUEUED_DELAY_SECONDS = 60;

/** How far ahead a job may be due: a year. */
export const MAX_DELAY_SECONDS = 365 * 86_400;

/** SQS visibility timeout: at most 12 hours, counted from the receive (SQS quotas). */
export const MAX_VISIBILITY_SECONDS = 43_200;

/** SQS and SNS batch calls: at most ten entries (SQS and SNS API references). */
export const MAX_BATCH_ENTRIES = 10;

/** An SNS publish batch under 64 KiB is billed as one request (SNS pricing). */
export const PUBLISH_BATCH_BYTES = 65_536;

/** An SQS batch of sends: at most 256 KiB with the queue's default maximum message size. */
export const SEND_BATCH_BYTES = 262_144;

/** SQS message retention: at most 14 days (SQS quotas). Our queues use it all. */
export const QUEUE_RETENTION_DAYS = 14;

/**
 * How long a job may wait or be retried, from when it is due, before it is failed as expired. A day less than its message lives, so
 * that the job is closed while a message can still bring it to a worker.
 */
export const JOB_LIFETIME_DAYS = QUEUE_RETENTION_DAYS - 1;

/** The longest `timeoutSeconds` of a job type, a week: a job must end well within the days that its message lives. */
export const MAX_TIMEOUT_SECONDS = 7 * 86_400;

/**
 * How long a job that has ended, its input, result and files can be read. Then the API no longer knows the job, and its item goes
 * (DynamoDB TTL, within days).
 */
export const JOB_RETENTION_DAYS = 7;

/** Days from the making of an upload within which a job must name it. */
export const UPLOAD_NAMED_DAYS = 1;

/**
 * Days after which the bucket's objects are deleted, by folder. S3 knows nothing of jobs and counts from an object's creation (S3
 * User Guide: lifecycle rules), so these are the fewest whole days that keep every object until its job's time is up:
 * - inputs are there before the job's message, which lives until the job has ended, at the latest;
 * - later ones are those of jobs whose message a schedule sends, up to a year on;
 * - results and files are written by the attempt that ends the job, as early as at its start;
 * - uploads are there up to a day before the job that names them;
 * - checkpoints are of no use once the job has ended, at the latest with its message.
 *
 * The last day is for what little lies in between: an add, a grace, an end that is tried again.
 */
export const OBJECT_DAYS = {
  inputs: QUEUE_RETENTION_DAYS + JOB_RETENTION_DAYS + 1,
  later: MAX_DELAY_SECONDS / 86_400 + QUEUE_RETENTION_DAYS + JOB_RETENTION_DAYS + 1,
  uploads: UPLOAD_NAMED_DAYS + QUEUE_RETENTION_DAYS + JOB_RETENTION_DAYS + 1,
  results: MAX_TIMEOUT_SECONDS / 86_400 + JOB_RETENTION_DAYS + 1,
  checkpoints: QUEUE_RETENTION_DAYS + 1,
} as const;

/**
 * Inputs, results and checkpoints up to this size, in bytes of JSON, live in the job's item; larger ones in S3. DynamoDB bills
 * each of a job's writes by the whole item, in units of 1 KB.
 */
export const MAX_ITEM_PAYLOAD_BYTES = 4_096;

/**
 * The largest item of the jobs table that is read as a job, in bytes of JSON. Jobs are far smaller, as everything in them has a limit of its
 * own; DynamoDB takes 400 KB of whoever may write.
 */
export const MAX_JOB_BYTES = 131_072;

/** What a page of jobs may take of the 6 MB of a Lambda's answer (Lambda quotas), where it stands as a JSON string. */
export const MAX_PAGE_BYTES = 5_500_000;

/**
 * The largest request body, in bytes, of one job or of a batch. Lambda takes a synchronous event of 6 MB (Lambda quotas), and a
 * body stands in it as a JSON string, whose quotes and backslashes double.
 */
export const MAX_BODY_BYTES = 2 * 1_048_576;

/** The largest result a handler may return, in bytes of JSON. Larger output belongs into a file (`job.putFile`). */
export const MAX_RESULT_BYTES = 64 * 1_048_576;

/** The largest checkpoint, in bytes of JSON: it says where to go on, and is no place for output. */
export const MAX_CHECKPOINT_BYTES = 1_048_576;

/**
 * The largest file that a caller can upload, in bytes: one `PUT` takes up to 5 GB, and so does the copy that a retry makes (S3 API reference:
 * `PutObject`, `CopyObject`).
 */
export const MAX_UPLOAD_BYTES = 5_000_000_000;

/** Files of a job, at most: each is a call to S3 when the job is added, and a part of its item. */
export const MAX_FILES = 10;

/** Jobs of a batch, at most: so many are added well within a Lambda's timeout, and their numbers fit into one small item. */
export const MAX_BATCH_ITEMS = 300;

/** How long a batch whose client gave up may be asked about: until each job that it has must have ended and is gone. */
export const BATCH_LIFETIME_DAYS = QUEUE_RETENTION_DAYS + JOB_RETENTION_DAYS;

/** Presigned links live an hour: long enough to download, short enough to leak little. */
export const LINK_SECONDS = 3_600;

/** Hand-backs that cost no attempt (shutdown, Spot). Past this number a hand-back counts as an attempt. */
export const MAX_INTERRUPTIONS = 20;

/** Tags of a job: at most this many. The job's SNS event carries them, so they are small. */
export const MAX_TAGS = 20;

/** The longest error or progress message that is stored, in characters; the rest is cut. */
export const MAX_MESSAGE_CHARACTERS = 1_000;

/** Attempts that ended without ending their job, at most, that the job tells of: the last ones. */
export const MAX_ENDED_ATTEMPTS = 10;

/**
 * The longest error message of such an attempt, in characters; the rest is cut. Each later write of the job's item, and each of its events,
 * has all of them.
 */
export const MAX_ATTEMPT_MESSAGE_CHARACTERS = 300;

/**
 * Partitions of the indexes over which a type may spread its jobs, at most. One takes 1,000 writes a second (DynamoDB Developer Guide:
 * partitions), and each job that is tried once is written to those of QUEUED twice: 16,000 jobs a second.
 */
export const MAX_LIST_PARTITIONS = 32;

/** The Lambdas' timeout, in seconds: HTTP API integrations end after 30 s (API Gateway quotas). */
export const LAMBDA_TIMEOUT_SECONDS = 29;

/** The longest that `GET /jobs/{id}` waits for a job to end, in seconds. The Lambda reads and answers in what is left of its timeout. */
export const MAX_WAIT_SECONDS = 25;

/** What a retry takes to copy an input and files, at most, in seconds. The Lambda reads and adds jobs in what is left of its timeout. */
export const MAX_COPY_SECONDS = 20;

/** From SIGTERM to SIGKILL of a task, in seconds: the most that Fargate allows (Amazon ECS). Workers hand their jobs back within it. */
export const STOP_TIMEOUT_SECONDS = 120;
