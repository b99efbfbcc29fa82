import { isDeepStrictEqual } from "node:util";
import type { Deployment } from "./deployment-settings.ts";
import { SettingsError } from "./errors.ts";
import type { JobType } from "./job-type.ts";
import { JOB_TYPE_NAME } from "./job-type-name.ts";
import { MAX_ITEM_PAYLOAD_BYTES } from "./limits.ts";
import type { SettingRule } from "./parse-settings.ts";
import { scheduleExpression } from "./schedule-expression.ts";

type Schedule = Deployment["schedules"][number];

/** What is left of a schedule's 64 characters (EventBridge Scheduler: CreateSchedule) beside the longest type's name and a full stop. */
const LONGEST_NAME = 64 - JOB_TYPE_NAME.maxLength - ".".length;

/** The name of a schedule. */
export const SCHEDULE_NAME = {
  test: (text: string): boolean => text.length <= LONGEST_NAME && /^[a-z](?:-?[a-z0-9])*$/.test(text),
  rule: `1 to ${LONGEST_NAME} lower-case letters, digits and single hyphens, a letter first, no hyphen last`,
} as const;

/** No schedule of this system is older, so that one whose times all lie before it never had any. */
const FIRST_TIME = Date.parse("2026-01-01T00:00:00Z");

/** What the schedules of a job type must meet, whatever its jobs work on. */
export function scheduleRules(schedules: readonly Schedule[]): readonly SettingRule[] {
  const names = schedules.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  return [
    ...schedules.map(({ expression, timezone }, index) => {
      const allowed = expressionFault(expression, timezone);
      return {
        setting: `schedules.${index}.expression`,
        given: expression,
        holds: allowed === undefined,
        allowed: allowed ?? "",
      };
    }),
    ...schedules.map(({ input }, index) => ({
      setting: `schedules.${index}.input`,
      given: undefined,
      holds: input !== undefined,
      allowed: "the input of each job",
    })),
    { setting: "schedules", given: repeated, holds: repeated === undefined, allowed: "another name for each" },
  ];
}

/** What is allowed in place of an expression that is wrong, or that never comes. */
function expressionFault(expression: string, timezone: string): string | undefined {
  try {
    const { kind, next } = scheduleExpression(expression, timezone);
    const comes = kind === "rate" || next(FIRST_TIME) !== undefined;
    return comes ? undefined : "an expression with a time that comes: this one has none from 2026 on";
  } catch (error) {
    return (error as Error).message;
  }
}

/** What stands for something in the input of a schedule's target (EventBridge Scheduler User Guide: context attributes). */
const CONTEXT_ATTRIBUTE = "<aws.scheduler.";

/**
 * Checks the input of each schedule against the schema of its type, as the API checks that of a caller.
 *
 * @throws SettingsError for the first one that is wrong.
 */
export async function checkScheduleInputs(
  { file, schedules }: Pick<Deployment, "file" | "schedules">,
  { name, input: schema, files }: Pick<JobType, "name" | "input" | "files">,
): Promise<void> {
  const required = Object.entries(files).find(([, declared]) => declared.required)?.[0];
  if (schedules.length > 0 && required !== undefined) {
    throw new SettingsError(
      `${file}: schedules`,
      `${schedules.length} of them`,
      `none, as jobs of type ${name} need the file ${required}`,
    );
  }
  for (const [index, { input }] of schedules.entries()) {
    const at = `${file}: schedules.${index}.input`;
    const text = JSON.stringify(input);
    if (text === undefined || !isDeepStrictEqual(JSON.parse(text), input)) throw new SettingsError(at, text, "what JSON can say");
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_ITEM_PAYLOAD_BYTES) {
      throw new SettingsError(
        at,
        `${bytes} bytes of JSON`,
        `at most ${MAX_ITEM_PAYLOAD_BYTES}; more belongs where the job can fetch it`,
      );
    }
    if (text.includes(CONTEXT_ATTRIBUTE)) {
      throw new SettingsError(
        at,
        text,
        `a text without ${CONTEXT_ATTRIBUTE}...>, in whose place EventBridge Scheduler would put something`,
      );
    }
    const { error } = await schema.safeParseAsync(input);
    const issue = error?.issues[0];
    if (issue !== undefined) {
      throw new SettingsError(
        [at, ...issue.path.map(String)].join("."),
        valueAt(input, issue.path),
        `what the schema of job type ${name} takes: ${issue.message}`,
      );
    }
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, name) => (part as Record<PropertyKey, unknown> | undefined)?.[name], value);
}
