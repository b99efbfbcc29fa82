import { TERMINAL_STATUSES } from "@autoscaling-job-queues/domain/job";
import { FILE_NAME, UPLOAD_ID } from "@autoscaling-job-queues/domain/job-files";
import { JOB_ID } from "@autoscaling-job-queues/domain/job-id";
import { jobFileSchema, jobSchema, locationSchema } from "@autoscaling-job-queues/domain/job-schema";
import { LINK_SECONDS, MAX_FILES } from "@autoscaling-job-queues/domain/limits";
import * as z from "zod";
import { JOB_TYPE_NAME_SCHEMA } from "../jobs/find-job-type.ts";

const READS_OBJECT = `Reads the object, for ${LINK_SECONDS / 60} minutes; browsers save it.`;
const link = (description = READS_OBJECT) => z.string().meta({ format: "uri", description });

/** A job as `GET /jobs/{id}` answers it: with links to what lives in S3. */
const linkedJob = jobSchema.extend({
  files: z
    .record(
      z.string().regex(FILE_NAME.pattern),
      jobFileSchema.extend({ url: link(`${READS_OBJECT} In answers to GET /jobs/{id} only.`).exactOptional() }),
    )
    .exactOptional()
    .meta({ description: "The files that the job was added with, by their names.", maxProperties: MAX_FILES }),
  inputUrl: link(`${READS_OBJECT} In answers to GET /jobs/{id} only.`).exactOptional(),
  resultUrl: link(`${READS_OBJECT} In answers to GET /jobs/{id} only.`).exactOptional(),
  resultFiles: z
    .array(locationSchema.extend({ contentType: z.string(), url: link() }))
    .min(1)
    .exactOptional()
    .meta({ description: "The files in a large result of up to 1 MiB, the first 1,000. In answers to GET /jobs/{id} only." }),
});

/** JSON Schema of a job ID. */
export const JOB_ID_SCHEMA = { type: "string", pattern: JOB_ID.pattern.source, maxLength: JOB_ID.maxLength } as const;

/** JSON Schema of a job, as the API answers it. */
export const JOB = {
  ...jsonSchema(linkedJob),
  oneOf: [{ required: ["input"] }, { required: ["inputLocation"] }],
  if: { properties: { status: { enum: [...TERMINAL_STATUSES] } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ["finishedAt", "expiresAt"], properties: { nextAttemptAt: false, heartbeatAt: false, progress: false } },
  else: { properties: { finishedAt: false, expiresAt: false, result: false, resultLocation: false } },
} as const;

/** Without what every integer of zod has: JavaScript's own bounds, which say nothing. */
export function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...described } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return described;
}

const count = { type: "integer", minimum: 1 } as const;

/** JSON Schema of a job type, as `GET /job-types` answers it. */
export const JOB_TYPE = {
  type: "object",
  required: ["name", "description", "inputSchema", "files", "limits", "schedules"],
  properties: {
    name: JOB_TYPE_NAME_SCHEMA,
    description: { type: "string", minLength: 1 },
    inputSchema: { type: "object", description: "JSON Schema, draft 2020-12, of `input`." },
    files: {
      type: "object",
      propertyNames: { pattern: FILE_NAME.pattern.source },
      description: "The files that its jobs take, by their names: see POST /uploads.",
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        required: ["description", "maxBytes", "required"],
        properties: {
          description: { type: "string", minLength: 1 },
          maxBytes: count,
          required: { type: "boolean", description: "Whether a job must have it." },
          contentTypes: {
            type: "array",
            items: { type: "string" },
            description: "Those that it may have; absent where it may have any.",
          },
        },
      },
    },
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
    schedules: {
      type: "array",
      description: "What adds its jobs by itself. Their owner is `schedule:<type>/<name>`.",
      items: {
        type: "object",
        required: ["name", "expression", "timezone", "enabled", "skipWhileRunning"],
        properties: {
          name: { type: "string", minLength: 1 },
          expression: {
            type: "string",
            description: "`cron(...)`, `rate(...)` or `at(...)`, as EventBridge Scheduler writes them.",
          },
          timezone: { type: "string", description: "In which the expression is read, such as Europe/Berlin." },
          enabled: { type: "boolean" },
          skipWhileRunning: { type: "boolean", description: "Whether it adds no job while its last one has not ended." },
          flexibleMinutes: { ...count, description: "Each job is added at some time within so many minutes." },
          nextRunAt: {
            type: "string",
            format: "date-time",
            description: "Absent of a rate, whose times count from when it was deployed, and where there is none.",
          },
        },
      },
    },
    retired: { const: true, description: "The type takes no more jobs." },
    paused: {
      type: "object",
      description:
        "Who paused the type: its jobs are accepted, and none starts until it is resumed. Absent while it is not paused.",
      required: ["by", "at"],
      properties: {
        by: { type: "string", description: "The principal, as in `owner` of jobs." },
        at: { type: "string", format: "date-time" },
        reason: { type: "string", description: "What it is paused for, where that was said." },
      },
    },
  },
} as const;

/** JSON Schema of the answer to `POST /uploads`. */
export const UPLOAD = {
  type: "object",
  required: ["upload", "url", "headers", "expiresAt"],
  properties: {
    upload: { type: "string", pattern: UPLOAD_ID.source, description: "What `files` of POST /jobs names." },
    url: { type: "string", format: "uri", description: "Takes one `PUT` of the file's bytes." },
    headers: {
      type: "object",
      required: ["content-length", "content-type", "if-none-match"],
      properties: {
        "content-length": { type: "string", pattern: "^\\d+$" },
        "content-type": { type: "string" },
        "if-none-match": { const: "*" },
      },
      description:
        "The `PUT` must have these, as they are here; most clients add `content-length` themselves, and browsers always do.",
    },
    expiresAt: { type: "string", format: "date-time", description: "The `PUT` must begin before." },
  },
} as const;
