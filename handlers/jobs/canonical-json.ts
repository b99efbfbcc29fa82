import { canonicalNumber } from "@autoscaling-job-queues/domain/json-number";

/**
 * JSON with the keys of every object sorted, and one form for each number: equal for equal values, however they were written.
 *
 * @param value what `JSON.parse` or `exactJson` returns; members that are undefined are left out.
 */
export function canonicalJson(value: unknown): string {
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
