import { isDeepStrictEqual } from "node:util";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { exactJson, isKept } from "@autoscaling-job-queues/domain/json-number";
import { jsonPointer } from "@autoscaling-job-queues/domain/json-pointer";
import { type Issue, invalidInput, missedSchema, parseInput } from "../handler-input.ts";
import { losslessJson } from "../lossless-json.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a job's input as the JSON text that its command gets: the one that was sent, unless the job type's schema changes it by a
 * default or a transform. What the schema leaves as it was keeps its digits and its place even then.
 *
 * @throws PermanentError with the code `InvalidInput`, as `handlerInput` does; also where the schema makes something of a number
 * that JavaScript does not keep, or something that is not JSON.
 */
export async function commandInput(jobType: Pick<JobType, "input">, text: string): Promise<string> {
  const input = await parseInput(jobType, text);
  if (isDeepStrictEqual(input, JSON.parse(text))) return text;
  const changed: Issue[] = [];
  const exact = asSent(input, exactJson(text), [], changed);
  if (changed.length > 0) throw missedSchema(changed);
  try {
    return losslessJson(exact, "input") ?? "null";
  } catch (error) {
    throw invalidInput(`the job type's schema makes no JSON of the input: ${(error as Error).message}`, error);
  }
}

/**
 * Puts the numbers that were sent in the place of those that a schema left as they were, and members in the order of the sent ones.
 *
 * @param sent what `exactJson` made of the text.
 * @param changed takes the places where the schema made something of a number that JavaScript does not keep.
 */
function asSent(value: unknown, sent: unknown, path: readonly (string | number)[], changed: Issue[]): unknown {
  if (Array.isArray(value) && Array.isArray(sent)) {
    return value.map((item, index) => asSent(item, sent[index], [...path, index], changed));
  }
  if (isMembers(value) && isMembers(sent)) {
    const names = new Set([...Object.keys(sent).filter((name) => Object.hasOwn(value, name)), ...Object.keys(value)]);
    return Object.fromEntries(
      [...names].map((name) => {
        const before = Object.hasOwn(sent, name) ? sent[name] : undefined;
        return [name, asSent(value[name], before, [...path, name], changed)];
      }),
    );
  }
  if (JSON.isRawJSON(sent) && Object.is(value, Number(sent.rawJSON))) return sent;
  if (holdsUnkept(sent)) {
    const message = "must be a number that JavaScript keeps, as the job type's schema changes it. Send it as a string";
    changed.push({ path: jsonPointer(path), message });
  }
  return value;
}

function isMembers(value: unknown): value is Members {
  if (typeof value !== "object" || value === null || JSON.isRawJSON(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function holdsUnkept(sent: unknown): boolean {
  if (JSON.isRawJSON(sent)) return !isKept(sent.rawJSON);
  return typeof sent === "object" && sent !== null && Object.values(sent).some(holdsUnkept);
}
