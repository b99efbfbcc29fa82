import type { Batch } from "@autoscaling-job-queues/client/jobs-client";
import { styled } from "./style.ts";
import { counted, localTime, spanBetween } from "./times.ts";
import { visible } from "./visible.ts";

/** A batch for people. */
export function batchLines(batch: Batch): string[] {
  const { id, status, total, pending, succeeded, failed, cancelled, createdAt, completedAt, onCompleteJobId } = batch;
  const counts = [
    `${succeeded} succeeded`,
    failed === 0 ? "0 failed" : styled("red", `${failed} failed`),
    `${cancelled} cancelled`,
    `${pending} pending`,
  ];
  return [
    styled("bold", visible(id)),
    `  ${styled("dim", "status")}    ${status}, ${counted(total, "job")}: ${counts.join(", ")}`,
    `  ${styled("dim", "added")}     ${localTime(createdAt)}`,
    ...(completedAt === undefined
      ? []
      : [`  ${styled("dim", "complete")}  ${localTime(completedAt)}, after ${spanBetween(createdAt, completedAt)}`]),
    ...(onCompleteJobId === undefined ? [] : [`  ${styled("dim", "then")}      ${visible(onCompleteJobId)}`]),
  ];
}
