import type * as z from "zod";
import type { Isolation } from "./isolation.ts";
import type { DeclaredFile, FileDeclarations } from "./job-files.ts";
import { jobTypeRules, jobTypeSchema } from "./job-type-settings.ts";
import { parseSettings } from "./parse-settings.ts";

/** The Fargate container of a job type. Only pairs that Fargate offers are accepted. */
export interface ContainerSettings {
  /** CPU units; 1,024 are one vCPU. */
  readonly cpu: number;
  /** Memory in MiB. */
  readonly memoryMiB: number;
}

/** How many tasks a job type gets for how much work. */
export interface ScalingSettings {
  /** Messages, visible and in flight, from which on the type scales out. At least 1, which starts the first task. */
  readonly scaleOutDepth: number;
  /** The most tasks that run at once. */
  readonly maxTasks: number;
  /** How many messages one task should have before it: the steps of the scaling policy follow from it. */
  readonly backlogPerTask: number;
  /** Minutes that the queue must have been empty, nothing in flight or delayed, before the tasks are stopped. */
  readonly idleMinutes: number;
}

/** Full-jitter backoff between attempts: a random time up to `baseSeconds` · 2^(attempt − 1), at most `maxSeconds`. */
export interface RetrySettings {
  readonly baseSeconds: number;
  readonly maxSeconds: number;
}

/** What a product team states about a job type. */
export interface JobTypeSettings<
  Schema extends z.ZodType = z.ZodType,
  Files extends FileDeclarations = FileDeclarations,
  Result extends z.ZodType = z.ZodType,
> {
  /** Lower-case letters, digits and hyphens, 1 to 32 characters, a letter first: part of the names of AWS resources. */
  readonly name: string;
  /** One sentence for callers, served by `GET /job-types`. */
  readonly description: string;
  /** The shape of `input`. The API checks it as JSON Schema, the worker parses with it. */
  readonly input: Schema;
  /**
   * The shape of the result. The compiler holds the handler to it, and gives callers its type; results are not checked when jobs run.
   *
   * @default anything
   */
  readonly result?: Result;
  /** Files that callers upload before they add a job; the handler reads them by these names. @default none */
  readonly files?: Files;
  /** Seconds that one attempt may take. */
  readonly timeoutSeconds: number;
  /** How often a job is tried before it is failed. @default 3 */
  readonly maxAttempts?: number;
  /** Jobs that one worker runs at a time. @default 1 */
  readonly concurrency?: number;
  /** Where the handler runs: its own thread, the worker's own thread, or a process. @default "thread" */
  readonly isolation?: Isolation;
  /** For `process` only: the program and its arguments; the working directory is the job's `bin` folder. */
  readonly command?: readonly [string, ...string[]];
  /** Seconds between the abort signal (or SIGTERM) and the kill. @default 5 */
  readonly graceSeconds?: number;
  /** Seconds that a claim holds without a heartbeat; heartbeats come three times as often. @default 30 */
  readonly leaseSeconds?: number;
  /**
   * Partitions of the index that lists jobs, over which the jobs of the type are spread: one takes 500 jobs a second, and each costs a query
   * more for a page of a list. @default 1
   */
  readonly listPartitions?: number;
  /** @default { baseSeconds: 2, maxSeconds: 300 } */
  readonly retry?: RetrySettings;
  /** @default { cpu: 256, memoryMiB: 512 } */
  readonly container?: ContainerSettings;
  /** @default { scaleOutDepth: 1, maxTasks: 10, backlogPerTask: 10, idleMinutes: 3 } */
  readonly scaling?: Partial<ScalingSettings>;
}

/** A job type with every default filled in. */
export interface JobType<
  Schema extends z.ZodType = z.ZodType,
  Files extends FileDeclarations = FileDeclarations,
  Result extends z.ZodType = z.ZodType,
> extends Required<Omit<JobTypeSettings<Schema, Files>, "command" | "files" | "result" | "scaling">> {
  readonly result?: Result;
  readonly files: { readonly [Name in keyof Files]: DeclaredFile };
  readonly command?: readonly [string, ...string[]];
  readonly scaling: ScalingSettings;
}

/** The input that a handler of this job type receives, after the schema's defaults and transforms. */
export type JobInput<Type extends JobType> = z.output<Type["input"]>;

/** The result that a handler of this job type returns: anything, where the type does not say. */
export type JobResult<Type extends JobType> = z.output<NonNullable<Type["result"]>>;

/** The names of the files that jobs of this type take. */
export type JobFileName<Type extends JobType> = keyof Type["files"] & string;

/**
 * Declares a job type; it is the default export of `jobs/<type>/job-type.ts`. Terraform, the API and the worker all read it, so
 * it must not import the handler.
 *
 * @example
 * ```ts
 * export const reportJob = defineJobType({
 *   name: "report",
 *   description: "Renders a monthly report",
 *   input: z.object({ month: z.string().regex(/^\d{4}-\d{2}$/) }),
 *   timeoutSeconds: 300,
 * });
 * ```
 * @throws SettingsError when a setting is unknown or out of range; the message names the setting, the value and what is allowed.
 */
export function defineJobType<
  Schema extends z.ZodType,
  const Files extends FileDeclarations = Readonly<Record<never, never>>,
  Result extends z.ZodType = z.ZodType,
>(settings: JobTypeSettings<Schema, Files, Result>): JobType<Schema, Files, Result> {
  const owner = typeof settings.name === "string" ? `job type ${JSON.stringify(settings.name)}` : "job type";
  const rules = (parsed: unknown) => jobTypeRules(parsed as JobType);
  return Object.freeze(parseSettings(owner, jobTypeSchema, settings, rules) as JobType) as JobType<Schema, Files, Result>;
}
