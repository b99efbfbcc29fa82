import { MAX_BODY_BYTES } from "@autoscaling-job-queues/domain/limits";
import type { Operation } from "@autoscaling-job-queues/domain/routes";
import { TRACE_PARENT } from "@autoscaling-job-queues/domain/trace-parent";
import { MAX_BODY_DEPTH } from "../http/body.ts";
import type { ProblemCode } from "../http/problem.ts";
import { ADD_JOB_BODY } from "../jobs/add-job-body.ts";
import { ADD_BATCH_BODY } from "../jobs/batches/add-batch-body.ts";
import { PAUSE_BODY } from "../jobs/controls/pause-body.ts";
import { CREATE_UPLOAD_BODY } from "../jobs/create-upload-body.ts";
import { JOB_TYPE_NAME_SCHEMA } from "../jobs/find-job-type.ts";
import { WAIT_PARAMETERS } from "../jobs/job-wait.ts";
import { BATCH_LIST_PARAMETERS, LIST_PARAMETERS, MAX_LIMIT } from "../jobs/list-query.ts";
import { IDEMPOTENCY_KEY } from "../jobs/read-add-job.ts";
import { STATUS_PARAMETERS } from "../jobs/why/series.ts";
import { BATCH_ID_SCHEMA } from "./batch-schema.ts";
import { JOB_ID_SCHEMA } from "./job-schema.ts";

/** What the description says about one operation. */
export interface OperationDescription {
  readonly summary: string;
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  /** Answers that are not errors, by status. */
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** Errors beyond those that every operation has. */
  readonly problems: readonly ProblemCode[];
}

interface AnswerDescription {
  readonly description: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content: object;
}

const idParameter = { name: "id", in: "path", required: true, schema: JOB_ID_SCHEMA };

function json(schema: object): object {
  return { "application/json": { schema } };
}

function inQuery(parameters: Readonly<Record<string, object>>): object[] {
  return Object.entries(parameters).map(([name, parameter]) => ({ name, in: "query", ...parameter }));
}

/** Any text: what is not valid is ignored, as the standard has it, so that no schema says what it must be. */
const traceParameter = {
  name: "traceparent",
  in: "header",
  schema: { type: "string" },
  description:
    "The place of the request in a trace (W3C Trace Context). The job, its events and its log lines have it, and its handler passes it on; " +
    "one that is not valid is ignored. It is no part of what an idempotency key stands for.",
  example: TRACE_PARENT.example,
};

const batchIdParameter = { ...idParameter, schema: BATCH_ID_SCHEMA };
const jobTypeNameParameter = { name: "name", in: "path", required: true, schema: JOB_TYPE_NAME_SCHEMA };
const batch = json({ $ref: "#/components/schemas/Batch" });
const job = json({ $ref: "#/components/schemas/Job" });
const jobType = json({ $ref: "#/components/schemas/JobType" });

function listOf(schema: string, { properties = {}, ...constraints }: { properties?: object; maxItems?: number } = {}): object {
  const items = { type: "array", items: { $ref: `#/components/schemas/${schema}` }, ...constraints };
  return json({ type: "object", required: ["items"], properties: { items, ...properties } });
}

/** A body: the same rules for all, whatever its schema. */
function jsonBody(schema: object): object {
  return {
    required: true,
    description:
      `JSON in UTF-8 without a byte order mark, whatever the content type claims: at most ${MAX_BODY_BYTES} bytes, at most ` +
      `${MAX_BODY_DEPTH} levels deep, and no two members of one object with the same name.`,
    "x-max-bytes": MAX_BODY_BYTES,
    "x-max-depth": MAX_BODY_DEPTH,
    content: json(schema),
  };
}

const added = {
  202: {
    description: "The job is stored and will run.",
    headers: {
      Location: {
        required: true,
        schema: { type: "string", pattern: JOB_ID_SCHEMA.pattern.replace("^", "^/jobs/") },
        description: "Path of the job.",
      },
      "Idempotency-Replayed": {
        schema: { type: "string", const: "true" },
        description: "The job had been added by an earlier request.",
      },
    },
    content: job,
  },
};

export const OPERATIONS: Readonly<Record<Operation, OperationDescription>> = {
  addJob: {
    summary: "Adds a job",
    parameters: [
      {
        name: "Idempotency-Key",
        in: "header",
        schema: { type: "string", pattern: IDEMPOTENCY_KEY.source },
        description: "Requests of one caller with the same key and body add one job.",
      },
      traceParameter,
    ],
    requestBody: jsonBody(ADD_JOB_BODY),
    answers: added,
    problems: [
      "InvalidJson",
      "Unauthenticated",
      "UnknownJobType",
      "JobTypeRetired",
      "IdempotencyKeyReused",
      "BodyTooLarge",
      "InvalidInput",
      "InvalidFiles",
    ],
  },
  addBatch: {
    summary: "Adds up to 300 jobs of one type, all or none",
    parameters: [
      {
        name: "Idempotency-Key",
        in: "header",
        required: true,
        schema: { type: "string", pattern: IDEMPOTENCY_KEY.source },
        description:
          "Requests of one caller with the same key and body add one batch. After an error, the same request goes on with it.",
      },
      traceParameter,
    ],
    requestBody: jsonBody(ADD_BATCH_BODY),
    answers: {
      202: {
        description: "Every job of the batch is stored and will run.",
        headers: {
          Location: {
            required: true,
            schema: { type: "string", pattern: BATCH_ID_SCHEMA.pattern.replace("^", "^/batches/") },
            description: "Path of the batch.",
          },
          "Idempotency-Replayed": {
            schema: { type: "string", const: "true" },
            description: "The batch had been begun by an earlier request.",
          },
        },
        content: batch,
      },
    },
    problems: [
      "InvalidJson",
      "Unauthenticated",
      "UnknownJobType",
      "JobTypeRetired",
      "IdempotencyKeyReused",
      "BodyTooLarge",
      "InvalidInput",
      "InvalidFiles",
    ],
  },
  getBatch: {
    summary: "Reads a batch",
    parameters: [batchIdParameter],
    answers: { 200: { description: "The batch, with the counts of its jobs.", content: batch } },
    problems: ["Unauthenticated", "BatchNotFound"],
  },
  listBatchJobs: {
    summary: "Lists the jobs of a batch, in the order of its items",
    parameters: [batchIdParameter, ...inQuery(BATCH_LIST_PARAMETERS)],
    answers: {
      200: {
        description:
          "A page. While it has a `cursor` there may be more, even where `items` are few. Jobs that have expired are left out.",
        content: listOf("Job", { maxItems: MAX_LIMIT, properties: { cursor: LIST_PARAMETERS.cursor.schema } }),
      },
    },
    problems: ["InvalidCursor", "Unauthenticated", "BatchNotFound"],
  },
  cancelBatch: {
    summary: "Cancels the jobs of a batch that have not ended",
    parameters: [batchIdParameter],
    answers: {
      202: { description: "Those that waited are cancelled; those that run are asked to stop.", content: batch },
    },
    problems: ["Unauthenticated", "BatchNotFound"],
  },
  listJobs: {
    summary: "Lists jobs, newest first",
    parameters: inQuery(LIST_PARAMETERS),
    answers: {
      200: {
        description: "A page. While it has a `cursor` there may be more, even where `items` are few.",
        content: listOf("Job", { maxItems: MAX_LIMIT, properties: { cursor: LIST_PARAMETERS.cursor.schema } }),
      },
    },
    problems: ["InvalidCursor", "Unauthenticated"],
  },
  getJob: {
    summary: "Reads a job",
    parameters: [idParameter, ...inQuery(WAIT_PARAMETERS)],
    answers: { 200: { description: "The job.", content: job } },
    problems: ["Unauthenticated", "JobNotFound"],
  },
  retryJob: {
    summary: "Adds a job that does an ended one again, at once; repeated, it is the same job",
    parameters: [idParameter, traceParameter],
    answers: added,
    problems: ["Unauthenticated", "JobNotFound", "UnknownJobType", "JobNotEnded", "JobInputGone", "JobTypeRetired"],
  },
  cancelJob: {
    summary: "Cancels a job",
    parameters: [idParameter],
    answers: {
      200: { description: "The job is cancelled.", content: job },
      202: { description: "The job runs, and its worker will stop it: see `cancelRequestedAt`.", content: job },
    },
    problems: ["Unauthenticated", "JobNotFound", "JobAlreadyEnded"],
  },
  whyJob: {
    summary: "Tells why a job is where it is, and what mends it",
    parameters: [idParameter],
    answers: {
      200: { description: "The cause, with the facts that show it.", content: json({ $ref: "#/components/schemas/Why" }) },
    },
    problems: ["Unauthenticated", "JobNotFound"],
  },
  createUpload: {
    summary: "Makes a link to upload a file to, for a job that is still to be added",
    requestBody: jsonBody(CREATE_UPLOAD_BODY),
    answers: {
      201: {
        description: "Send the file to `url`, and name `upload` in POST /jobs.",
        content: json({ $ref: "#/components/schemas/Upload" }),
      },
    },
    problems: [
      "InvalidJson",
      "Unauthenticated",
      "UnknownJobType",
      "JobTypeRetired",
      "BodyTooLarge",
      "FileTooLarge",
      "InvalidFiles",
    ],
  },
  pauseJobType: {
    summary: "Pauses a job type: its jobs are accepted, and none starts; those that run end",
    parameters: [jobTypeNameParameter],
    requestBody: { ...jsonBody(PAUSE_BODY), required: false },
    answers: {
      200: {
        description:
          "The type is paused. Within seconds no job of it starts any more, and when those in hand have ended no worker of it runs. One that " +
          "was paused already stays as it was: `paused` says by whom.",
        content: jobType,
      },
    },
    problems: ["InvalidJson", "Unauthenticated", "UnknownJobType", "BodyTooLarge"],
  },
  resumeJobType: {
    summary: "Resumes a job type, and starts workers for the jobs that wait",
    parameters: [jobTypeNameParameter],
    answers: { 200: { description: "The type is not paused. To resume one that was not changes nothing.", content: jobType } },
    problems: ["Unauthenticated", "UnknownJobType"],
  },
  listJobTypes: {
    summary: "Lists the job types",
    answers: { 200: { description: "All job types, by name.", content: listOf("JobType") } },
    problems: [],
  },
  jobTypeStatus: {
    summary: "Tells how the jobs of a type fare now",
    parameters: [{ name: "name", in: "path", required: true, schema: JOB_TYPE_NAME_SCHEMA }, ...inQuery(STATUS_PARAMETERS)],
    answers: {
      200: {
        description: "Its queue, its workers, and what keeps it from working.",
        content: json({ $ref: "#/components/schemas/JobTypeStatus" }),
      },
    },
    problems: ["UnknownJobType"],
  },
  describeApi: {
    summary: "Describes this API",
    answers: {
      200: {
        description: "This description.",
        content: json({ type: "object", required: ["openapi", "info", "paths", "components"] }),
      },
    },
    problems: [],
  },
};
