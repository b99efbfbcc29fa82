import { JOB_STATUSES } from "@autoscaling-job-queues/domain/job";
import { LINK_SECONDS } from "@autoscaling-job-queues/domain/limits";

const time = { type: "string", format: "date-time" } as const;
const link = { type: "string", format: "uri", description: `Reads the object, for ${LINK_SECONDS / 60} minutes.` } as const;

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
  required: ["id", "type", "status", "version", "attempt", "maxAttempts", "createdAt", "updatedAt"],
  properties: {
    id: { type: "string", pattern: "^[0-7][0-9A-HJKMNP-TV-Z]{25}$", description: "A ULID." },
    type: { type: "string" },
    status: { type: "string", enum: JOB_STATUSES },
    version: {
      type: "integer",
      minimum: 1,
      description: "Rises by 1 with each change of status and each cancel request. Of two events, the higher is the later.",
    },
    attempt: { type: "integer", minimum: 0, description: "How often a worker has taken the job up." },
    maxAttempts: { type: "integer", minimum: 1 },
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
    error: {
      type: "object",
      required: ["code", "message"],
      properties: { code: { type: "string" }, message: { type: "string" } },
      description: "Why the job failed or, while it is queued again, why its last attempt did.",
    },
    progress: {
      type: "object",
      required: ["fraction"],
      properties: { fraction: { type: "number", minimum: 0, maximum: 1 }, message: { type: "string" } },
    },
    tags: { type: "object", additionalProperties: { type: "string" } },
    groupId: { type: "string" },
    owner: { type: "string", description: "The principal who added the job." },
    createdAt: time,
    updatedAt: { ...time, description: "When `version` last rose." },
    startedAt: { ...time, description: "When the first attempt started." },
    finishedAt: time,
    cancelRequestedAt: time,
    expiresAt: { type: "integer", description: "Epoch seconds from which on the job is gone; of ended jobs." },
  },
} as const;

/** JSON Schema of a job type, as `GET /job-types` answers it. */
export const JOB_TYPE = {
  type: "object",
  required: ["name", "description", "inputSchema", "limits"],
  properties: {
    name: { type: "string" },
    description: { type: "string" },
    inputSchema: { type: "object", description: "JSON Schema, draft 2020-12, of `input`." },
    limits: {
      type: "object",
      required: ["timeoutSeconds", "maxAttempts", "concurrency", "maxTasks"],
      properties: {
        timeoutSeconds: { type: "integer", description: "Seconds that one attempt may take." },
        maxAttempts: { type: "integer" },
        concurrency: { type: "integer", description: "Jobs that one worker runs at a time." },
        maxTasks: { type: "integer", description: "Workers that run at a time, at most." },
      },
    },
  },
} as const;
