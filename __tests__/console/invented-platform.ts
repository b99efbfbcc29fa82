import type { Job, JobType, JobTypeStatus, SeriesPoint } from "../../cli/console/page/data/types.ts";
import { seededRandom } from "../support/seeded-random.ts";

/** Job types and jobs as they might be on a Monday morning: no customer's, and the same at every run. */

const HOUR_MS = 3_600_000;

type JobStatus = Job["status"];

interface TypeCharacter {
  readonly description: string;
  readonly maxTasks: number;
  readonly load: number;
  readonly runSeconds: number;
  readonly messages: readonly string[];
  readonly error: { readonly code: string; readonly message: string };
  readonly input: (n: number) => unknown;
}

const TEAMS = ["billing", "growth", "risk", "support"] as const;

export const CHARACTERS: Readonly<Record<string, TypeCharacter>> = {
  document: {
    description: "Renders contracts and invoices as PDF",
    maxTasks: 20,
    load: 42,
    runSeconds: 14,
    messages: ["laying out page 12 of 30", "embedding fonts", "drawing charts"],
    error: { code: "JobTimeout", message: "the attempt took longer than 600 s" },
    input: (n) => ({ template: "invoice-eu", invoice: `INV-2026-${10_000 + n}`, locale: "de-DE", copies: 1 }),
  },
  etl: {
    description: "Loads CSV exports into Parquet, checks and all",
    maxTasks: 10,
    load: 9,
    runSeconds: 96,
    messages: ["reading 4.2 of 9.8 million rows", "writing Parquet", "checking sums"],
    error: { code: "PermanentError", message: 'line 18,204: column "amount" has "12,50", which is no number' },
    input: (n) => ({ source: "shop-orders", day: `2026-11-${String(1 + (n % 28)).padStart(2, "0")}`, checks: ["sums", "keys"] }),
  },
  inference: {
    description: "Reads text from scanned receipts",
    maxTasks: 30,
    load: 17,
    runSeconds: 6,
    messages: ["page 2 of 3", "recognising"],
    error: { code: "HandlerError", message: "Image of 0 bytes" },
    input: (n) => ({ languages: ["eng", "deu"], receipt: 700_000 + n }),
  },
  "order-totals": {
    description: "Adds up each night's orders and writes them to the warehouse",
    maxTasks: 4,
    load: 1,
    runSeconds: 210,
    messages: ["3 of 8 shops"],
    error: { code: "HandlerError", message: "connect ECONNREFUSED 10.0.12.40:5432" },
    input: (n) => ({ shop: n % 8, currency: "EUR" }),
  },
  thumbnail: {
    description: "Makes small pictures of large ones",
    maxTasks: 12,
    load: 30,
    runSeconds: 0.8,
    messages: [],
    error: { code: "PermanentError", message: "unsupported colour space" },
    input: (n) => ({ picture: `products/${n}.tiff`, widths: [160, 320, 640] }),
  },
  canary: {
    description: "Shows that jobs run, and nothing else",
    maxTasks: 2,
    load: 0,
    runSeconds: 0.05,
    messages: [],
    error: { code: "HandlerError", message: "asked to fail" },
    input: () => ({ op: "echo", value: "still here" }),
  },
};

export const TYPE_NAMES: readonly string[] = Object.keys(CHARACTERS);

export function inventedTypes(paused: ReadonlySet<string>, now: number): JobType[] {
  return Object.entries(CHARACTERS).map(([name, { description, maxTasks }]) => ({
    name,
    description,
    inputSchema: { type: "object" },
    files: {},
    limits: { timeoutSeconds: 600, maxAttempts: 3, concurrency: 2, maxTasks },
    schedules:
      name === "order-totals"
        ? [
            {
              name: "nightly",
              expression: "cron(0 2 * * ? *)",
              timezone: "Europe/Berlin",
              enabled: true,
              skipWhileRunning: true,
              nextRunAt: new Date(now + 9 * HOUR_MS).toISOString(),
            },
          ]
        : [],
    ...(paused.has(name) ? { paused: pausedBy(now) } : {}),
  }));
}

export function pausedBy(now: number) {
  const at = new Date(now - 26 * 60_000).toISOString();
  return { by: "iam:arn:aws:sts::123456789012:assumed-role/on-call", at, reason: "the warehouse is being moved, back at 09:00" };
}

export function inventedStatus(name: string, isPaused: boolean, now: number): JobTypeStatus {
  const { load, maxTasks } = CHARACTERS[name] as TypeCharacter;
  const running = isPaused ? 0 : Math.min(load, Math.ceil(load / 3));
  const tasks = isPaused ? 0 : Math.min(maxTasks, Math.ceil(running / 2));
  return {
    name,
    waiting: isPaused ? 6 : Math.max(0, load - running),
    running,
    delayed: name === "etl" ? 2 : 0,
    deadLetters: name === "inference" ? 3 : 0,
    ...(load - running > 0 || isPaused ? { oldestSeconds: isPaused ? 1_560 : load * 2.4 } : {}),
    tasks: {
      desired: tasks + (name === "document" ? 2 : 0),
      running: tasks,
      pending: name === "document" ? 2 : 0,
      max: maxTasks,
    },
    ...(isPaused ? { paused: pausedBy(now) } : {}),
  };
}

/** The last hours of a type, which come and go as a working day does. */
export function inventedSeries(name: string, hours: number, now: number): NonNullable<JobTypeStatus["series"]> {
  const { load, runSeconds, maxTasks } = CHARACTERS[name] as TypeCharacter;
  const random = seededRandom(name.length * 1_000 + hours);
  const periodSeconds = Math.max(60, Math.ceil((hours * 60) / 180) * 60);
  const count = Math.floor((hours * 3_600) / periodSeconds);
  const points = Array.from({ length: count }, (_, index): SeriesPoint => {
    const phase = index / count;
    const wave = Math.max(0, Math.sin(phase * 9 + name.length) + 0.6 * Math.sin(phase * 23)) * 0.7 + phase * 0.5;
    const jobs = load * wave * (0.85 + 0.3 * random());
    const running = Math.round(Math.min(jobs, maxTasks * 1.4) * 0.6);
    const waiting = Math.round(Math.max(0, jobs - running));
    const ended = Math.round(((running * periodSeconds) / Math.max(5, runSeconds)) * 0.3 * (0.8 + 0.4 * random()));
    const measured =
      ended > 0
        ? { runSeconds: runSeconds * (0.8 + 0.4 * random()), queueWaitSeconds: 1 + (waiting / (running + 1)) * runSeconds }
        : {};
    return {
      at: new Date(now - (count - 1 - index) * periodSeconds * 1_000).toISOString(),
      ...{
        waiting,
        running,
        tasks: Math.ceil(running / 2),
        succeeded: ended,
        failed: load > 0 && random() < 0.05 * wave ? 1 : 0,
      },
      ...measured,
    };
  });
  return { periodSeconds, points };
}

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function ulid(at: number, random: () => number): string {
  let time = "";
  for (let rest = Math.floor(at), index = 0; index < 10; index += 1, rest = Math.floor(rest / 32))
    time = `${DIGITS[rest % 32]}${time}`;
  return `${time}${Array.from({ length: 16 }, () => DIGITS[Math.floor(random() * 32)]).join("")}`;
}

/** Jobs of all types, newest first: about one in ten waits or runs, and one in twenty failed. */
export function inventedJobs(count: number, now: number, spacingMs = 9_000): Job[] {
  const random = seededRandom(20_261_130);
  return Array.from({ length: count }, (_, index) => {
    const name = TYPE_NAMES[Math.floor(random() ** 1.6 * TYPE_NAMES.length)] ?? "document";
    const createdAt = now - 4_000 - index * spacingMs * (0.6 + 0.8 * random());
    return inventedJob({ name, index, createdAt, status: statusOf(index, random()), now, random });
  }).toSorted((one, other) => other.createdAt.localeCompare(one.createdAt));
}

function statusOf(index: number, chance: number): JobStatus {
  if (index < 9) return index % 3 === 2 ? "RUNNING" : "QUEUED";
  if (index < 16) return chance < 0.6 ? "RUNNING" : "SUCCEEDED";
  if (chance < 0.08) return "FAILED";
  return chance < 0.11 ? "CANCELLED" : "SUCCEEDED";
}

interface JobParts {
  readonly name: string;
  readonly index: number;
  readonly createdAt: number;
  readonly status: JobStatus;
  readonly now: number;
  readonly random: () => number;
}

function inventedJob({ name, index, createdAt, status, now, random }: JobParts): Job {
  const { runSeconds, messages, error, input } = CHARACTERS[name] as TypeCharacter;
  const iso = (time: number): string => new Date(Math.min(time, now)).toISOString();
  const startedAt = createdAt + 800 + random() * 20_000;
  const ends = startedAt + runSeconds * 1_000 * (0.6 + 0.8 * random());
  const progress =
    messages.length === 0
      ? {}
      : { progress: { fraction: 0.15 + 0.7 * random(), message: messages[index % messages.length] ?? "" } };
  const team = TEAMS[Math.floor(random() * TEAMS.length)] ?? "billing";
  const common = {
    id: `${name}_${ulid(createdAt, random)}`,
    type: name,
    status,
    version: 3,
    attempt: status === "QUEUED" ? 0 : 1,
    maxAttempts: 3,
    input: input(index),
    owner: "iam:arn:aws:sts::123456789012:assumed-role/shop-backend",
    groupId: "iam:arn:aws:sts::123456789012:assumed-role/shop-backend",
    tags: index % 3 === 0 ? { team, region: "eu" } : { team },
    createdAt: iso(createdAt),
    updatedAt: iso(ends),
  };
  if (status === "QUEUED") return { ...common, updatedAt: common.createdAt, version: 1 } as Job;
  if (status === "RUNNING") return { ...common, startedAt: iso(startedAt), heartbeatAt: iso(now - 3_000), ...progress } as Job;
  const ended = { ...common, startedAt: iso(startedAt), finishedAt: iso(ends), expiresAt: Math.round(now / 1_000) + 13 * 86_400 };
  if (status === "SUCCEEDED") return { ...ended, result: { rows: 1_000 + index, warnings: [] } } as Job;
  return { ...ended, ...(status === "FAILED" ? { error, attempt: 3 } : {}) } as Job;
}
