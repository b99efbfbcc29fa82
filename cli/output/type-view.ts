import type { JobTypeDescription } from "@autoscaling-job-queues/client/jobs-client";
import { sizeOf } from "./quantities.ts";
import { schemaLines } from "./schema-lines.ts";
import { styled } from "./style.ts";
import { localTime } from "./times.ts";
import { visible } from "./visible.ts";

/** Who paused a type, and what for; nothing where nobody did. */
export function pausedLines({ paused }: Pick<JobTypeDescription, "paused">): string[] {
  if (paused === undefined) return [];
  const { by, at, reason } = paused;
  const why = reason === undefined ? "" : `: ${visible(reason)}`;
  return [styled("yellow", `paused by ${visible(by)} since ${localTime(at)}${why}`)];
}

/** What the jobs of a type take, and what it does by itself. @param width of the terminal */
export function typeLines(type: JobTypeDescription, width: number): string[] {
  const { name, inputSchema, files, schedules } = type;
  return [
    ...pausedLines(type),
    ...section("Input", schemaLines(inputSchema, width)),
    ...section("Files", Object.entries(files).map(fileLine)),
    ...section("Schedules", schedules.map(scheduleLine)),
    "",
    styled("dim", `The JSON Schema: jobs types ${name} --json`),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", styled("bold", title), ...lines];
}

function fileLine([name, { description, maxBytes, required, contentTypes }]: [string, JobTypeDescription["files"][string]]) {
  const kinds = contentTypes === undefined ? "" : ` of ${contentTypes.join(", ")}`;
  const told = `at most ${sizeOf(maxBytes)}${kinds}; ${required ? "required" : "optional"}. ${description}`;
  return `  ${styled("bold", visible(name))}  ${visible(told)}`;
}

function scheduleLine({ name, expression, timezone, enabled, nextRunAt }: JobTypeDescription["schedules"][number]): string {
  const next = nextRunAt === undefined ? "" : `; next ${localTime(nextRunAt)}`;
  return `  ${styled("bold", visible(name))}  ${visible(`${expression} ${timezone}`)}${enabled ? next : "; switched off"}`;
}
