import { TERMINAL_STATUSES } from "@autoscaling-job-queues/domain/job";
import { JOB_ID } from "@autoscaling-job-queues/domain/job-id";
import { jobSchema, locationSchema } from "@autoscaling-job-queues/domain/job-schema";
import { LINK_SECONDS } from "@autoscaling-job-queues/domain/limits";
import * as z from "zod";
import { JOB_TYPE_NAME_SCHEMA } from "../jobs/job-types.ts";

const READS_OBJECT = `Reads the object, for ${LINK_SECONDS / 60} minutes; browsers save it.`;
const link = (description = READS_OBJECT) => z.string().meta({ format: "uri", description });

/** A job as `GET /jobs/{id}` answers it: with links to what lives in S3. */
const linkedJob = jobSchema.extend({
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
  then: { required: ["finishedAt", "expiresAt"], properties: { nextAttemptAt: false } },
  else: { properties: { finishedAt: false, expiresAt: false, result: false, resultLocation: false } },
} as const;

/** Without what every integer of zod has: JavaScript's own bounds, which say nothing. */
function jsonSchema(schema: z.ZodType): object {
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
  required: ["name", "description", "inputSchema", "limits"],
  properties: {
    name: JOB_TYPE_NAME_SCHEMA,
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
    retired: { const: true, description: "The type takes no more jobs." },
  },
} as const;
