import { JOB_STATUSES, TERMINAL_STATUSES } from "@autoscaling-job-queues/domain/job";
import { JOB_ID } from "@autoscaling-job-queues/domain/job-id";
import { JOB_TYPE_NAME } from "@autoscaling-job-queues/domain/job-type-name";
import { LINK_SECONDS, MAX_MESSAGE_CHARACTERS } from "@autoscaling-job-queues/domain/limits";
import { ADD_JOB_BODY } from "./add-job-body.ts";

const time = { type: "string", format: "date-time" } as const;
const link = {
  type: "string",
  format: "uri",
  description: `Reads the object, for ${LINK_SECONDS / 60} minutes; browsers save it.`,
} as const;
const name = { type: "string", pattern: JOB_TYPE_NAME.pattern.source, maxLength: JOB_TYPE_NAME.maxLength } as const;
const count = { type: "integer", minimum: 1 } as const;

const location = {
  type: "object",
  required: ["bucket", "key", "bytes"],
  properties: {
    bucket: { type: "string" },
    key: { type: "string" },
    bytes: { type: "integer", minimum: 0 },
  },
} as const;

/** JSON Schema of a job, as the API answers it. */
export const JOB = {
  type: "object",
  required: ["id", "type", "status", "version", "attempt", "maxAttempts", "owner", "createdAt", "updatedAt"],
  properties: {
    id: { type: "string", pattern: JOB_ID.pattern.source, maxLength: JOB_ID.maxLength, description: "`<type>_<ULID>`." },
    type: name,
    status: { type: "string", enum: JOB_STATUSES },
    version: {
      ...count,
      description:
        "Rises by 1 with each change of status and each cancel request. Of two events of one ID the newer has the later " +
        "`createdAt` or, of one `createdAt`, the higher `version`: a key that is used again after its job expired begins at 1.",
    },
    attempt: { type: "integer", minimum: 0, description: "How often a worker has taken the job up." },
    maxAttempts: count,
    input: { description: "Absent when it is large: then `inputLocation` tells where it is." },
    inputLocation: location,
    inputUrl: { ...link, description: `${link.description} In answers to GET /jobs/{id} only.` },
    result: {
      description:
        "Of a job that succeeded; absent when it is large: then `resultLocation` tells where it is. In answers to " +
        "GET /jobs/{id}, each file in it has a `url`.",
    },
    resultLocation: location,
    resultUrl: { ...link, description: `${link.description} In answers to GET /jobs/{id} only.` },
    resultFiles: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["bucket", "key", "bytes", "contentType", "url"],
        properties: { ...location.properties, contentType: { type: "string" }, url: link },
      },
      description: "The files in a large result of up to 1 MiB, the first 1,000. In answers to GET /jobs/{id} only.",
    },
    error: {
      type: "object",
      required: ["code", "message"],
      properties: { code: { type: "string" }, message: { type: "string", maxLength: MAX_MESSAGE_CHARACTERS } },
      description: "Why the job failed or, while it is queued again, why its last attempt did.",
    },
    progress: {
      type: "object",
      required: ["fraction"],
      properties: {
        fraction: { type: "number", minimum: 0, maximum: 1 },
        message: { type: "string", maxLength: MAX_MESSAGE_CHARACTERS },
      },
    },
    tags: ADD_JOB_BODY.properties.tags,
    groupId: ADD_JOB_BODY.properties.groupId,
    owner: {
      type: "string",
      minLength: 1,
      description:
        "The principal who added the job: `iam:<ARN>` (of an assumed role that of the role, `iam:arn:aws:sts::<account>:" +
        "assumed-role/<role>`, unless the deployment tells sessions apart), `cognito:<identity ID>`, `jwt:<subject>`, or " +
        "`lambda:<principalId>`.",
    },
    createdAt: time,
    updatedAt: { ...time, description: "When `version` last rose." },
    startedAt: { ...time, description: "When the first attempt started." },
    finishedAt: time,
    cancelRequestedAt: time,
    runAt: { ...time, description: "Of a job that was added with a delay: no attempt starts before." },
    nextAttemptAt: { ...time, description: "While the job waits for a retry: no attempt starts before." },
    expiresAt: { type: "integer", minimum: 0, description: "Epoch seconds from which on the job is gone; of ended jobs." },
  },
  oneOf: [{ required: ["input"] }, { required: ["inputLocation"] }],
  if: { properties: { status: { enum: [...TERMINAL_STATUSES] } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ["finishedAt", "expiresAt"], properties: { nextAttemptAt: false } },
  else: { properties: { finishedAt: false, expiresAt: false, result: false, resultLocation: false } },
} as const;

/** JSON Schema of a job type, as `GET /job-types` answers it. */
export const JOB_TYPE = {
  type: "object",
  required: ["name", "description", "inputSchema", "limits"],
  properties: {
    name,
    description: { type: "string", minLength: 1 },
    inputSchema: { type: "object", description: "JSON Schema, draft 2020-12, of `input`." },
    limits: {
      type: "object",
      required: ["timeoutSeconds", "maxAttempts", "concurrency", "maxTasks"],
      properties: {
        timeoutSeconds: { ...count, description: "Seconds that one attempt may take." },
        maxAttempts: count,
        concurrency: { ...count, description: "Jobs that one worker runs at a time." },
        maxTasks: { ...count, description: "Workers that run at a time, at most." },
      },
    },
  },
} as const;
