import { createHash } from "node:crypto";
import { canonicalNumber, exactJson, mayHoldLongNumbers } from "@autoscaling-job-queues/domain/json-number";
import { readDateTime } from "../http/date-time.ts";
import type { AddJobBody } from "./add-job-body.ts";
import type { AddBatchBody } from "./batches/add-batch-body.ts";

/**
 * SHA-256 of what the caller asks for, in hex: the same whatever the order of the keys and the spelling of numbers, another
 * where a single digit differs; and the same for one time, whatever its distance from UTC.
 *
 * @param inputText the input as it was sent.
 */
export function requestHash({ type, input, files, delaySeconds, runAt, groupId, tags }: AddJobBody, inputText: string): string {
  const due = runAt === undefined ? undefined : readDateTime(runAt);
  return hashOf({ type, input: exactValue(input, inputText), files, delaySeconds, runAt: due, groupId, tags });
}

/** The same of a batch. @param texts of the body's members. */
export function batchRequestHash(body: AddBatchBody, texts: ReadonlyMap<string, string>): string {
  const members = Object.entries(body).map(([name, value]) => [name, exactValue(value, texts.get(name) ?? "")]);
  return hashOf(Object.fromEntries(members));
}

function exactValue(value: unknown, text: string): unknown {
  return mayHoldLongNumbers(text) ? exactJson(text) : value;
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/**
 * JSON with the keys of every object sorted, and one form for each number: equal for equal values, however they were written.
 *
 * @param value what `JSON.parse` or `exactJson` returns; members that are undefined are left out.
 */
function canonicalJson(value: unknown): string {
  if (typeof value === "number") return canonicalNumber(JSON.stringify(value));
  if (JSON.isRawJSON(value)) return canonicalNumber(value.rawJSON);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, content]) => content !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, content]) => `${JSON.stringify(key)}:${canonicalJson(content)}`);
  return `{${members.join(",")}}`;
}
