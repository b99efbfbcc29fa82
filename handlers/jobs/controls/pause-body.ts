import { jsonPointer } from "@autoscaling-job-queues/domain/json-pointer";
import type { PathError } from "../../http/problem.ts";
import { type SchemaError, schemaMessage } from "../../http/schema-messages.ts";

/** The body of `POST /job-types/{name}/pause`, once `pauseBodyErrors` has found nothing in it. */
export interface PauseBody {
  readonly reason?: string;
}

/** Characters that move a cursor or begin a line do not stand in a line that terminals and pages show. */
const ONE_LINE = "^[^\\p{Cc}\\p{Zl}\\p{Zp}]*$";

const REASON = {
  type: "string",
  minLength: 1,
  maxLength: 500,
  pattern: ONE_LINE,
  "x-message": "must be one line of 1 to 500 characters, without control characters",
  description: "What the type is paused for, in one line. Everybody who may list job types reads it.",
} as const;

/** JSON Schema of the body of `POST /job-types/{name}/pause`. */
export const PAUSE_BODY = { type: "object", additionalProperties: false, properties: { reason: REASON } } as const;

/**
 * What is wrong with a body, in the words of all bodies. By hand, as ajv alone would be a fifth of the control Lambda's bundle.
 *
 * @returns nothing for a `PauseBody`.
 */
export function pauseBodyErrors(value: unknown): PathError[] {
  const wrong = (path: string, error: Pick<SchemaError, "keyword" | "data" | "parentSchema" | "params">): PathError[] => [
    { path, message: schemaMessage({ schema: undefined, ...error }) },
  ];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return wrong("", { keyword: "type", data: value, parentSchema: PAUSE_BODY, params: PAUSE_BODY });
  }
  return Object.entries(value).flatMap(([name, member]) => {
    if (name !== "reason") {
      return wrong(jsonPointer([name]), { keyword: "additionalProperties", data: member, parentSchema: PAUSE_BODY, params: {} });
    }
    return isReason(member) ? [] : wrong("/reason", { keyword: "type", data: member, parentSchema: REASON, params: REASON });
  });
}

function isReason(value: unknown): boolean {
  if (typeof value !== "string" || !new RegExp(REASON.pattern, "u").test(value)) return false;
  // As JSON Schema counts: a surrogate pair is one character.
  const length = value.length > 2 * REASON.maxLength ? value.length : [...value].length;
  return length >= REASON.minLength && length <= REASON.maxLength;
}
