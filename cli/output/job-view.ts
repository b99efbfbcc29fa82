import type { Job } from "@autoscaling-job-queues/client/job";
import { laidOut, memberJson } from "./json.ts";
import { sizeOf } from "./quantities.ts";
import { styled, styledStatus } from "./style.ts";
import type { Column } from "./table.ts";
import { localTime, spanBetween } from "./times.ts";
import { visible } from "./visible.ts";

/** Characters of an input or a result that the view of a job shows; `--json` shows all. */
const LONGEST_VALUE = 300;

export const JOB_COLUMNS: readonly Column<Job>[] = [
  { title: "ID", cell: ({ id }) => visible(id) },
  { title: "STATUS", cell: ({ status }) => styledStatus(status) },
  { title: "ADDED", cell: ({ createdAt }) => localTime(createdAt) },
  { title: "RAN", right: true, cell: ranFor },
  { title: "TRY", right: true, cell: ({ attempt, maxAttempts }) => (attempt === 0 ? "" : `${attempt}/${maxAttempts}`) },
  { title: "TAGS", cut: true, cell: ({ tags }) => visible(tagText(tags)) },
  { title: "NOTE", cut: true, cell: remark },
];

function ranFor({ startedAt, finishedAt, status }: Job): string {
  if (startedAt === undefined) return "";
  return status === "QUEUED" ? "" : spanBetween(startedAt, finishedAt);
}

function tagText(tags: Job["tags"] = {}): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}:${value}`)
    .join(" ");
}

function remark({ status, error, progress, runAt, cancelRequestedAt }: Job): string {
  if (error !== undefined) return visible(`${error.code}: ${error.message}`);
  if (cancelRequestedAt !== undefined && status === "RUNNING") return "asked to stop";
  if (status === "RUNNING" && progress !== undefined) return progressText(progress);
  return status === "QUEUED" && runAt !== undefined ? `due ${localTime(runAt)}` : "";
}

export function progressText({ fraction, message }: NonNullable<Job["progress"]>): string {
  return `${Math.floor(fraction * 100)}%${message === undefined ? "" : ` ${visible(message)}`}`;
}

/** A job for people: what is known of it, line by line. */
export function jobLines(job: Job): string[] {
  const { id, status, error, progress, attempt, maxAttempts, tags, files = {}, owner, groupId, batchId, retryOf } = job;
  const rows: (readonly [string, string | undefined])[] = [
    ["status", `${styledStatus(status)}${status === "RUNNING" && progress !== undefined ? ` ${progressText(progress)}` : ""}`],
    ["error", error === undefined ? undefined : styled("red", visible(`${error.code}: ${error.message}`))],
    ["attempt", attempt === 0 ? undefined : `${attempt} of ${maxAttempts}`],
    ["added", time(job.createdAt)],
    ["due", time(job.runAt)],
    ["next attempt", time(job.nextAttemptAt)],
    ["started", time(job.startedAt)],
    ["last heard of", status === "RUNNING" ? time(job.heartbeatAt) : undefined],
    [
      "finished",
      job.finishedAt && `${time(job.finishedAt)}${job.startedAt && `, after ${spanBetween(job.startedAt, job.finishedAt)}`}`,
    ],
    ["asked to stop", time(job.cancelRequestedAt)],
    ["owner", visible(owner)],
    ["group", groupId === undefined || groupId === owner ? undefined : visible(groupId)],
    ["batch", batchId],
    ["retry of", retryOf],
    ["tags", tags && visible(tagText(tags))],
    ["input", valueText(memberJson(job, "input"), job.inputLocation)],
    ...Object.entries(files).map(
      ([name, { bytes, contentType }]) => [`file ${visible(name)}`, `${sizeOf(bytes)}, ${visible(contentType)}`] as const,
    ),
    ["result", status === "SUCCEEDED" ? valueText(memberJson(job, "result"), job.resultLocation) : undefined],
  ];
  const attempts = (job.attempts ?? []).map((attempt) => [`attempt ${attempt.attempt}`, attemptText(attempt)] as const);
  rows.splice(3, 0, ...attempts);
  const shown = rows.flatMap(([name, text]) => (text === undefined || text === "" ? [] : [[name, text] as const]));
  const width = Math.max(...shown.map(([name]) => name.length));
  return [styled("bold", visible(id)), ...shown.map(([name, text]) => `  ${styled("dim", name.padEnd(width))}  ${text}`)];
}

/** How an attempt of the ended ones went. */
const OUTCOMES = { retry: "failed", released: "handed back", lost: "lost its worker" } as const;

function attemptText({ outcome, startedAt, endedAt, error, worker, image }: NonNullable<Job["attempts"]>[number]): string {
  const told = error === undefined ? "" : `: ${visible(`${error.code}: ${error.message}`)}`;
  const where = [worker, image].filter((one) => one !== undefined).map(visible);
  const place = where.length === 0 ? "" : styled("dim", ` (${where.join(", ")})`);
  return `${OUTCOMES[outcome] ?? outcome} at ${localTime(endedAt)} after ${spanBetween(startedAt, endedAt)}${told}${place}`;
}

function time(iso: string | undefined): string | undefined {
  return iso === undefined ? undefined : localTime(iso);
}

function valueText(text: string | undefined, location: Job["resultLocation"]): string | undefined {
  if (location !== undefined) return `${sizeOf(location.bytes)} of JSON`;
  if (text === undefined) return undefined;
  const json = visible(laidOut(text, false));
  return json.length > LONGEST_VALUE ? `${json.slice(0, LONGEST_VALUE)}… (--json shows all)` : json;
}
