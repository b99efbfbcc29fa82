import { JOB_TYPE_NAME_SCHEMA } from "../jobs/find-job-type.ts";
import { CAUSES } from "../jobs/why/causes.ts";
import { MAX_SERIES_POINTS } from "../jobs/why/series.ts";

const text = { type: "string", minLength: 1 } as const;
const count = { type: "integer", minimum: 0 } as const;
const time = { type: "string", format: "date-time" } as const;

const meanings = Object.entries(CAUSES).map(([code, meaning]) => `\`${code}\`: ${meaning}.`);

const unread = {
  type: "array",
  minItems: 1,
  uniqueItems: true,
  items: text,
  description: "Sources that could not be read; what they would have told is missing. Absent where all were.",
} as const;

/** JSON Schema of the answer to `GET /jobs/{id}/why`. */
export const WHY = {
  type: "object",
  required: ["code", "summary", "nextStep", "facts"],
  properties: {
    code: { enum: Object.keys(CAUSES), description: meanings.join("\n\n") },
    summary: { ...text, description: "The cause in one sentence, for people." },
    nextStep: { ...text, description: "What mends it, for people: with a command of the CLI, where one does." },
    facts: {
      type: "object",
      description: "What shows the cause. Times are ISO 8601; counts of a queue are approximate, and up to a minute old.",
      additionalProperties: { type: ["string", "number", "boolean"] },
    },
    unread,
  },
} as const;

const measured = (description: string) => ({ type: "number", minimum: 0, description }) as const;

/** How the jobs of a type fared, point by point. */
const SERIES = {
  type: "object",
  required: ["periodSeconds", "points"],
  description: "With `hours`: how the jobs of the type fared. What nobody reported of a period is absent from its point.",
  properties: {
    periodSeconds: { type: "integer", minimum: 60, description: "Seconds of a point." },
    points: {
      type: "array",
      maxItems: MAX_SERIES_POINTS,
      description: "Oldest first; the last period has only begun.",
      items: {
        type: "object",
        required: ["at"],
        properties: {
          at: { ...time, description: "When the period began." },
          waiting: measured("The most messages that workers could take."),
          running: measured("The most messages that workers had in hand, or that were hidden until a retry was due."),
          tasks: measured("The most workers that ran."),
          succeeded: measured("Jobs that succeeded."),
          failed: measured("Jobs that failed, those of dead letters included."),
          runSeconds: measured("Half of the attempts that ended took no longer."),
          queueWaitSeconds: measured(
            "Half of the jobs that were begun waited no longer for their first attempt, once they were due.",
          ),
        },
      },
    },
  },
} as const;

/** JSON Schema of the answer to `GET /job-types/{name}/status`. */
export const JOB_TYPE_STATUS = {
  type: "object",
  required: ["name", "tasks"],
  properties: {
    name: JOB_TYPE_NAME_SCHEMA,
    paused: {
      type: "object",
      required: ["by", "at"],
      properties: { by: text, at: time, reason: text },
      description: "Of a type that is paused: by whom, since when, and what for.",
    },
    waiting: { ...count, description: "Messages that workers could take now. Approximate, as all counts of SQS." },
    running: { ...count, description: "Messages that workers have in hand, or that are hidden until a retry is due." },
    delayed: { ...count, description: "Messages of jobs that are due within the minute." },
    deadLetters: { ...count, description: "Messages in the dead-letter queue." },
    oldestSeconds: { ...count, description: "For how long the job has waited that waits longest. Absent where none is due." },
    tasks: {
      type: "object",
      required: ["max"],
      properties: {
        desired: { ...count, description: "Workers that are to run." },
        running: count,
        pending: { ...count, description: "Those that are to run and do not yet." },
        max: { type: "integer", minimum: 1, description: "Workers that run at a time, at most." },
      },
    },
    workerError: {
      type: "object",
      required: ["code", "message", "at", "worker"],
      properties: { code: text, message: { type: "string" }, at: time, worker: text, image: text },
      description: "What a worker said that cannot take jobs up or begin them, while that holds.",
    },
    startError: { ...text, description: "Why its workers do not start, or end at once, where that is so." },
    placement: { ...text, description: "Why workers that are to run find no place, where that is so." },
    unread,
    series: SERIES,
  },
} as const;
