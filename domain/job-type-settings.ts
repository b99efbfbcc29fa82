import * as z from "zod";
import { ISOLATIONS } from "./isolation.ts";
import { FILE_NAME, FILE_NAME_RULE } from "./job-files.ts";
import type { JobType } from "./job-type.ts";
import { isJobTypeName, JOB_TYPE_NAME_RULE } from "./job-type-name.ts";
import {
  MAX_FILES,
  MAX_LIST_PARTITIONS,
  MAX_TIMEOUT_SECONDS,
  MAX_UPLOAD_BYTES,
  MAX_VISIBILITY_SECONDS,
  QUEUE_RETENTION_DAYS,
  STOP_TIMEOUT_SECONDS,
} from "./limits.ts";
import { essence, isMediaType } from "./media-type.ts";
import type { SettingRule } from "./parse-settings.ts";
import { group, oneOf, textLike, texts, whole } from "./setting-schemas.ts";

/** Memory in MiB that Fargate offers for each CPU size (Amazon ECS: task size). */
const FARGATE_MEMORY: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: gibibytes(1, 4),
  1024: gibibytes(2, 8),
  2048: gibibytes(4, 16),
  4096: gibibytes(8, 30),
  8192: gibibytes(16, 60, 4),
  16384: gibibytes(32, 120, 8),
};
const CPU_SIZES = Object.keys(FARGATE_MEMORY).map(Number);

const visibilitySeconds = whole(0, MAX_VISIBILITY_SECONDS, "SQS visibility timeout");

/** How many tasks a job type gets for how much work; an environment may say otherwise. */
export const scalingRanges = {
  scaleOutDepth: whole(1, 1_000_000, "1 starts the first task with the first message"),
  maxTasks: whole(1, 5_000, "ECS: 5,000 tasks per service"),
  backlogPerTask: whole(1, 1_000_000, "messages per task"),
  idleMinutes: whole(1, 1_440, "an alarm covers at most one day"),
};

const zodSchema = z.custom<z.ZodType>(
  (value) => typeof (value as z.ZodType | undefined)?.safeParse === "function",
  "a zod schema",
);

/** The files that jobs of a type take. */
const files = z
  .record(
    textLike(FILE_NAME.pattern, `a name of ${FILE_NAME_RULE}`),
    group({
      description: textLike((text) => isText(text, 256), "a sentence of 1 to 256 characters"),
      maxBytes: whole(1, MAX_UPLOAD_BYTES, "S3: one PUT"),
      required: z.boolean("true or false").default(true),
      contentTypes: texts(isPlainMediaType, {
        most: 20,
        allowed: "1 to 20 media types without parameters, such as text/csv",
      }).optional(),
    }),
    "files by their names",
  )
  .refine((all) => Object.keys(all).length <= MAX_FILES, `at most ${MAX_FILES} files`);

/** Every setting of a job type, with its default, where it has one, and its bounds. */
export const jobTypeSchema = group({
  name: textLike(isJobTypeName, JOB_TYPE_NAME_RULE),
  description: textLike((text) => isText(text, 256), "a sentence of 1 to 256 characters"),
  input: zodSchema,
  result: zodSchema.optional(),
  files: files.default({}),
  timeoutSeconds: whole(
    1,
    MAX_TIMEOUT_SECONDS,
    `a week: a job must end well within the ${QUEUE_RETENTION_DAYS} days its message lives`,
  ),
  maxAttempts: whole(1, 50, "the queue's redrive backstop is 100 receives").default(3),
  concurrency: whole(1, 100, "beyond it, add tasks").default(1),
  isolation: oneOf(ISOLATIONS).default("thread"),
  // Checked together with the isolation.
  command: z.custom<readonly [string, ...string[]]>(() => true).optional(),
  graceSeconds: whole(0, 60, `Fargate kills a task ${STOP_TIMEOUT_SECONDS} s after SIGTERM`).default(5),
  leaseSeconds: whole(3, 3_600, "renewed three times as often").default(30),
  listPartitions: whole(1, MAX_LIST_PARTITIONS, "each takes 500 jobs a second").default(1),
  retry: group({ baseSeconds: visibilitySeconds, maxSeconds: visibilitySeconds }).default({ baseSeconds: 2, maxSeconds: 300 }),
  container: group({
    cpu: z.literal(CPU_SIZES, `one of Fargate's sizes: ${CPU_SIZES.join(", ")}`),
    // Checked together with the CPU.
    memoryMiB: z.custom<number>(() => true).optional(),
  }).default({ cpu: 256, memoryMiB: 512 }),
  scaling: group({
    scaleOutDepth: scalingRanges.scaleOutDepth.default(1),
    maxTasks: scalingRanges.maxTasks.default(10),
    backlogPerTask: scalingRanges.backlogPerTask.default(10),
    idleMinutes: scalingRanges.idleMinutes.default(3),
  }).prefault({}),
});

/** Settings of a job type that must go together, each right by itself. */
export function jobTypeRules({ retry, container, isolation, command }: JobType): readonly SettingRule[] {
  const memories = FARGATE_MEMORY[container.cpu] ?? [];
  return [
    {
      setting: "retry.maxSeconds",
      given: retry.maxSeconds,
      holds: retry.maxSeconds >= retry.baseSeconds,
      allowed: `at least retry.baseSeconds, which is ${retry.baseSeconds}`,
    },
    {
      setting: "container.memoryMiB",
      given: container.memoryMiB,
      holds: memories.includes(container.memoryMiB),
      allowed: `for ${container.cpu} CPU units: ${memories.join(", ")}`,
    },
    isolation === "process"
      ? {
          setting: "command",
          given: command,
          holds: Array.isArray(command) && command.length > 0 && command.every((part) => isText(part, 4_096)),
          allowed: 'a program and its arguments, such as ["sh", "job.sh"], when isolation is "process"',
        }
      : {
          setting: "command",
          given: command,
          holds: command === undefined,
          allowed: 'nothing, unless isolation is "process"',
        },
  ];
}

function isPlainMediaType(text: string): boolean {
  return isMediaType(text) && essence(text) === text;
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === "string" && value.trim() !== "" && value.length <= longest;
}

function gibibytes(from: number, to: number, step = 1): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
}
