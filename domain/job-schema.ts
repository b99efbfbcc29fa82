import * as z from "zod";
import { BATCH_ID } from "./batch-id.ts";
import type { DeepReadonly } from "./deep-readonly.ts";
import { GROUP_ID } from "./group-id.ts";
import { JOB_STATUSES } from "./job.ts";
import { FILE_NAME } from "./job-files.ts";
import { JOB_ID } from "./job-id.ts";
import { JOB_TYPE_NAME } from "./job-type-name.ts";
import { MAX_ATTEMPT_MESSAGE_CHARACTERS, MAX_ENDED_ATTEMPTS, MAX_FILES, MAX_MESSAGE_CHARACTERS, MAX_TAGS } from "./limits.ts";
import { TRACE_PARENT } from "./trace-parent.ts";

const idSchema = z.string().regex(JOB_ID.pattern).max(JOB_ID.maxLength);
/** `<type>_batch_<ULID>`. */
export const batchIdSchema = z.string().regex(BATCH_ID.pattern).max(BATCH_ID.maxLength);
const time = z.string().meta({ format: "date-time" });
const times = (description: string) => z.string().meta({ format: "date-time", description });
const count = z.int().min(1);
const message = z.string().max(MAX_MESSAGE_CHARACTERS);

/** JSON text, or a file, too large for the job's item. */
export const locationSchema = z.object({ bucket: z.string(), key: z.string(), bytes: z.int().min(0) });

/** A file that a caller uploaded, as a job has it. */
export const jobFileSchema = z.object({ bytes: z.int().min(0), contentType: z.string() });

/** An attempt that ended, and not its job. */
const endedAttempt = z.object({
  attempt: count,
  startedAt: time,
  endedAt: times("Of a lost attempt: when its lease ended."),
  outcome: z.enum(["retry", "released", "lost"]).meta({
    description:
      "`retry`: it failed, and there are more. `released`: its worker handed the job back, at no cost of an attempt. `lost`: its " +
      "worker died, or lost touch.",
  }),
  error: z.object({ code: z.string(), message: z.string().max(MAX_ATTEMPT_MESSAGE_CHARACTERS) }).exactOptional(),
  worker: z.string().meta({ description: "The ID of its task, whose log tells more." }),
  image: z.string().exactOptional().meta({ description: "The tag of the worker's image." }),
});

/**
 * A job as callers see it: the API's body and, without progress, the body of its SNS events. Here its type, its JSON Schema and the
 * list of its public members come from. Terraform, the API's description and tests load it; Lambdas and workers only its type.
 */
export const jobSchema = z.object({
  /** `<type>_<ULID>`. Of a job added with an idempotency key, the ULID's time part is not a time. */
  id: idSchema.meta({ description: "`<type>_<ULID>`." }),
  type: z.string().regex(JOB_TYPE_NAME.pattern).max(JOB_TYPE_NAME.maxLength),
  status: z.enum(JOB_STATUSES),
  /** 1 when added; each change of status and each cancel request raises it by exactly 1. */
  version: count.meta({
    description:
      "Rises by 1 with each change of status and each cancel request. Of two events of one ID the newer has the later " +
      "`createdAt` or, of one `createdAt`, the higher `version`: a key that is used again after its job expired begins at 1.",
  }),
  /** How often a worker has claimed the job. */
  attempt: z.int().min(0).meta({ description: "How often a worker has taken the job up." }),
  maxAttempts: count,
  input: z.unknown().exactOptional().meta({ description: "Absent when it is large: then `inputLocation` tells where it is." }),
  inputLocation: locationSchema.exactOptional(),
  files: z
    .record(z.string().regex(FILE_NAME.pattern), jobFileSchema)
    .exactOptional()
    .meta({ description: "The files that the job was added with, by their names.", maxProperties: MAX_FILES }),
  result: z
    .unknown()
    .exactOptional()
    .meta({
      description:
        "Of a job that succeeded; absent when it is large: then `resultLocation` tells where it is. In answers to " +
        "GET /jobs/{id}, each file in it has a `url`.",
    }),
  resultLocation: locationSchema.exactOptional(),
  /** Why the job failed or, while it is queued again, why its last attempt did. */
  error: z
    .object({ code: z.string(), message })
    .exactOptional()
    .meta({ description: "Why the job failed or, while it is queued again, why its last attempt did." }),
  progress: z
    .object({ fraction: z.number().min(0).max(1), message: message.exactOptional() })
    .exactOptional()
    .meta({ description: "Of the attempt that runs." }),
  attempts: z
    .array(endedAttempt)
    .min(1)
    .max(MAX_ENDED_ATTEMPTS)
    .exactOptional()
    .meta({ description: `The attempts that ended without ending the job, oldest first: the last ${MAX_ENDED_ATTEMPTS}.` }),
  tags: z.record(z.string(), z.string()).exactOptional().meta({ maxProperties: MAX_TAGS }),
  /** Tenant, for fairness: SQS spreads deliveries over the groups of a queue. By default the owner. */
  groupId: z.string().regex(GROUP_ID).exactOptional(),
  /** The principal who added the job, after the kind of authorizer that named it, such as `jwt:user-1`. */
  owner: z
    .string()
    .min(1)
    .meta({
      description:
        "The principal who added the job: `iam:<ARN>` (of an assumed role that of the role, `iam:arn:aws:sts::<account>:" +
        "assumed-role/<role>`, unless the deployment tells sessions apart), `cognito:<identity ID>`, `jwt:<subject>`, or " +
        "`lambda:<principalId>`; of what a schedule of its type added, `schedule:<type>/<name>`.",
    }),
  batchId: batchIdSchema
    .exactOptional()
    .meta({ description: "Of a job that POST /batches added: the batch that it belongs to." }),
  /** The job that this one does again. */
  retryOf: idSchema
    .exactOptional()
    .meta({ description: "Of a job that POST /jobs/{id}/retry added: the job that it does again." }),
  /** Of the span that asked for the job: W3C Trace Context. */
  traceparent: z
    .string()
    .regex(TRACE_PARENT.pattern)
    .max(TRACE_PARENT.maxLength)
    .exactOptional()
    .meta({ description: "Of a job that was asked for as a part of a trace: its place there (W3C Trace Context)." }),
  /** ISO 8601, as all times here but `expiresAt`. */
  createdAt: time,
  updatedAt: times("When `version` last rose."),
  startedAt: times("When the first attempt started.").exactOptional(),
  heartbeatAt: times("While an attempt runs: when its worker last said so. Absent until it first does.").exactOptional(),
  finishedAt: time.exactOptional(),
  cancelRequestedAt: time.exactOptional(),
  /** Of a job that was added for later: no attempt starts before. */
  runAt: times("Of a job that was added for later, by a time or a delay: no attempt starts before.").exactOptional(),
  /** While it waits for a retry: no attempt starts before. */
  nextAttemptAt: times("While the job waits for a retry: no attempt starts before.").exactOptional(),
  /** Epoch seconds; the item's TTL, set when the job is terminal. */
  expiresAt: z.int().min(0).exactOptional().meta({ description: "Epoch seconds from which on the job is gone; of ended jobs." }),
});

export type PublicJob = DeepReadonly<z.infer<typeof jobSchema>>;
export type JobFile = DeepReadonly<z.infer<typeof jobFileSchema>>;
export type PayloadLocation = DeepReadonly<z.infer<typeof locationSchema>>;
