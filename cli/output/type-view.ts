import type { JobTypeDescription } from "@autoscaling-job-queues/client/jobs-client";
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
