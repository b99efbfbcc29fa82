import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { ContainerSettings, JobType, ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { jobTypeSchema, scalingRanges } from "@autoscaling-job-queues/domain/job-type-settings";
import { MAX_TIMEOUT_SECONDS } from "@autoscaling-job-queues/domain/limits";
import { PATTERNS, type Pattern } from "../../scaling/simulator/arrivals.ts";
import { arrivalsPattern } from "../../scaling/simulator/arrivals-file.ts";
import type { Scenario } from "../../scaling/simulator/compare.ts";

/** What is to be simulated. */
export interface SimulateArguments {
  readonly scenario: Scenario;
  readonly container: ContainerSettings;
  readonly patterns: readonly Pattern[];
  /** Seconds: settings are to be proposed for it. */
  readonly targetWait?: number;
  /** Where plots are written. */
  readonly svg?: string;
  /** Whether docs/simulation.md is to be written. */
  readonly docs: boolean;
  readonly help: boolean;
}

/** A type of which nobody has said anything: what docs/simulation.md is about. */
export const STANDARD: Pick<JobType, "concurrency" | "timeoutSeconds"> & {
  scaling: ScalingSettings;
  container: ContainerSettings;
} = {
  concurrency: 2,
  timeoutSeconds: 600,
  scaling: { scaleOutDepth: 1, maxTasks: 50, backlogPerTask: 10, idleMinutes: 1 },
  container: { cpu: 512, memoryMiB: 1_024 },
};

const SETTINGS = { ...scalingRanges, concurrency: jobTypeSchema.shape.concurrency };
const isSetting = (name: string): name is keyof typeof SETTINGS => Object.hasOwn(SETTINGS, name);

export const USAGE = `npm run simulate -- [<job type> | <setting>=<number>,...] [options]

  settings: ${Object.keys(SETTINGS).join(", ")}; those left out are as in docs/simulation.md
  --arrivals <pattern|file>  one of ${PATTERNS.map(({ name }) => name).join(", ")}, or a file of lines "seconds[,seconds that the job runs]"; default: all patterns
  --target-wait <seconds>    proposes backlogPerTask, maxTasks and idleMinutes with which 95 of 100 jobs wait no longer, by working-day unless --arrivals says otherwise
  --job-seconds <seconds>    how long a job runs, on average; default 30
  --start-seconds <seconds>  from a task's launch to its first receive, on average; default 40
  --spot <number>            interruptions by Fargate Spot that a task meets in an hour; default 0
  --seed <number>            another course of chance; default 1
  --svg <folder>             writes plots of queue and tasks over time, one a pattern
  --docs                     writes docs/simulation.md and its plots, of the standard settings`;

/** @throws JobQueueError "InvalidArguments", "UnknownJobType", "UnknownPattern" or "InvalidArrivals". */
export async function readArguments(
  args: readonly string[],
  jobTypes: () => Promise<readonly JobType[]>,
): Promise<SimulateArguments> {
  const { values, positionals } = parsed(args);
  if (positionals.length > 1) throw wrong(`one job type or one list of settings, not ${positionals.join(" ")}`);
  if (values.docs && args.length > 1) throw wrong("--docs has no other arguments: the document is about the standard settings");
  const [subject] = positionals;
  const type = subject === undefined ? STANDARD : subject.includes("=") ? ofSettings(subject) : await named(subject, jobTypes);
  const number = (name: keyof typeof values, fallback: number, least: number, most: number) =>
    readNumber(`--${name}`, values[name], fallback, { least, most });
  const { scaling, concurrency, timeoutSeconds, container } = type;
  const targetWait = values["target-wait"] === undefined ? undefined : number("target-wait", 0, 1, MAX_TIMEOUT_SECONDS);
  return {
    scenario: {
      scaling,
      world: {
        concurrency,
        timeoutSeconds,
        maxTasks: scaling.maxTasks,
        startSeconds: number("start-seconds", 40, 1, 3_600),
        spotInterruptionsPerHour: number("spot", 0, 0, 60),
      },
      jobSeconds: number("job-seconds", 30, 0.1, MAX_TIMEOUT_SECONDS),
      seed: Math.floor(number("seed", 1, 0, 2 ** 31)),
    },
    container,
    patterns: values.arrivals === undefined ? PATTERNS : [await readPattern(values.arrivals)],
    ...(targetWait === undefined ? {} : { targetWait }),
    ...(values.svg === undefined ? {} : { svg: values.svg }),
    docs: values.docs,
    help: values.help,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        arrivals: text,
        "target-wait": text,
        "job-seconds": text,
        "start-seconds": text,
        spot: text,
        seed: text,
        svg: text,
        docs: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

/** @param list of settings, within the bounds that a job type's have. */
function ofSettings(list: string): typeof STANDARD {
  const values = { ...STANDARD.scaling, concurrency: STANDARD.concurrency };
  const given = new Set<string>();
  for (const part of list.split(",")) {
    const [name = ""] = part.split("=", 1);
    const text = part.slice(name.length + 1);
    if (!isSetting(name)) throw wrong(`the setting ${JSON.stringify(name)}; allowed: ${Object.keys(SETTINGS).join(", ")}`);
    if (given.has(name)) throw wrong(`${name} is given twice; allowed: once`);
    given.add(name);
    const { data, error } = SETTINGS[name].safeParse(/^\d+$/.test(text) ? Number(text) : text);
    if (data === undefined) throw wrong(`${name} is ${JSON.stringify(text)}; allowed: ${error?.issues[0]?.message}`);
    values[name] = data;
  }
  const { concurrency, ...scaling } = values;
  return { ...STANDARD, concurrency, scaling };
}

async function named(name: string, jobTypes: () => Promise<readonly JobType[]>): Promise<typeof STANDARD> {
  const all = await jobTypes();
  const found = all.find((jobType) => jobType.name === name);
  if (found !== undefined) return found;
  const known = all.map((jobType) => jobType.name).join(", ");
  throw new JobQueueError(
    "UnknownJobType",
    `there is no job type ${JSON.stringify(name)}; allowed: ${known}, or settings such as maxTasks=20`,
  );
}

async function readPattern(nameOrFile: string): Promise<Pattern> {
  const pattern = PATTERNS.find(({ name }) => name === nameOrFile);
  if (pattern !== undefined) return pattern;
  const text = await readFile(nameOrFile, "utf8").catch(() => undefined);
  if (text !== undefined) return arrivalsPattern(nameOrFile, text);
  const known = PATTERNS.map(({ name }) => name).join(", ");
  throw new JobQueueError(
    "UnknownPattern",
    `--arrivals: ${nameOrFile} is no pattern and no file that can be read; allowed: ${known}, or a file`,
  );
}

function readNumber(
  name: string,
  text: string | boolean | undefined,
  fallback: number,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  if (text === undefined) return fallback;
  const value = typeof text === "string" && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw wrong(`${name} is ${JSON.stringify(text)}; allowed: a number from ${least} to ${most}`);
  return value;
}

function wrong(message: string): JobQueueError {
  return new JobQueueError("InvalidArguments", `${message}\n\n${USAGE}`);
}
