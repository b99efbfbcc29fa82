import { jsonPointer } from "@autoscaling-job-queues/domain/json-pointer";
import type { ErrorObject } from "ajv";
import { type PathError, quote } from "./problem.ts";

/** Errors of ajv that are looked at: many more than are shown, because those of unions shrink. */
const MAX_AJV_ERRORS = 1_000;

type Params = Readonly<Record<string, unknown>>;

/** What an error says, by the schema's keyword and what stands under it. */
const MESSAGES: Readonly<Record<string, (params: Params, schema: unknown) => string>> = {
  required: () => "is required",
  additionalProperties: () => "is not allowed here",
  unevaluatedProperties: () => "is not allowed here",
  type: ({ type }) => `must be ${[type].flat().join(" or ")}`,
  const: ({ allowedValue }) => `must be ${quote(allowedValue)}`,
  enum: ({ allowedValues }) => `must be one of ${quoteAll(allowedValues as unknown[])}`,
  pattern: (_, pattern) => `must match the pattern ${pattern}`,
  minimum: ({ limit }) => `must be at least ${limit}`,
  maximum: ({ limit }) => `must be at most ${limit}`,
  exclusiveMinimum: ({ limit }) => `must be more than ${limit}`,
  exclusiveMaximum: ({ limit }) => `must be less than ${limit}`,
  multipleOf: ({ multipleOf }) => `must be a multiple of ${multipleOf}`,
  minLength: ({ limit }) => `must have at least ${limit} characters`,
  maxLength: ({ limit }) => `must have at most ${limit} characters`,
  minItems: ({ limit }) => `must have at least ${limit} items`,
  maxItems: ({ limit }) => `must have at most ${limit} items`,
  minProperties: ({ limit }) => `must have at least ${limit} members`,
  maxProperties: ({ limit }) => `must have at most ${limit} members`,
  anyOf: () => "must have one of the allowed shapes",
  oneOf: () => "must have exactly one of the allowed shapes",
  "false schema": () => "is not allowed here",
};

/** Keywords whose error is about a member of the value, which a parameter names. */
const MEMBER_PARAMETERS: Readonly<Record<string, string>> = {
  required: "missingProperty",
  additionalProperties: "additionalProperty",
  unevaluatedProperties: "unevaluatedProperty",
};

/**
 * Turns ajv's errors into the API's: each with the path of the value it is about.
 *
 * @param at JSON pointer of the checked value.
 */
export function pathErrors(errors: readonly ErrorObject[], at: string): PathError[] {
  const told = explainUnions(errors.slice(0, MAX_AJV_ERRORS))
    .filter(({ keyword }) => keyword !== "propertyNames" && keyword !== "if")
    .map((error) => ({ path: at + pathOf(error), message: messageOf(error) }));
  return [...new Map(told.map((error) => [`${error.path} ${error.message}`, error])).values()];
}

function pathOf({ keyword, params, instancePath, propertyName }: ErrorObject): string {
  const member = propertyName ?? (params as Params)[MEMBER_PARAMETERS[keyword] ?? ""];
  return member === undefined ? instancePath : instancePath + jsonPointer([member as string]);
}

function messageOf({ keyword, params, schema, message, parentSchema, propertyName }: ErrorObject): string {
  const own: unknown = parentSchema?.["x-message"];
  const text = typeof own === "string" ? own : (MESSAGES[keyword]?.(params, schema) ?? message ?? "is not valid");
  return propertyName === undefined ? text : `the name ${text}`;
}

function quoteAll(values: readonly unknown[]): string {
  return values.map(quote).join(", ");
}

/**
 * A value that misses a union misses every branch of it. Usually it was meant for one: that whose constants it has, such
 * as `op: "sleep"`. Then only that branch's errors are worth telling; with no such branch, what the branches ask for is.
 */
function explainUnions(errors: readonly ErrorObject[]): ErrorObject[] {
  let explained = [...errors];
  for (const union of errors) {
    if (union.keyword !== "anyOf" && union.keyword !== "oneOf") continue;
    const branches = Map.groupBy(
      explained.filter((error) => isWithin(error, union)),
      ({ schemaPath }) => schemaPath.slice(union.schemaPath.length + 1).split("/", 1)[0],
    );
    const ofBranches = new Set([...branches.values()].flat());
    const meant = [...branches.values()].filter((ofBranch) => !ofBranch.some((error) => isMismatch(error, union)));
    const told = meant.length > 0 ? meant.flat() : alternatives(ofBranches, union);
    const isTold = told.length > 0 && meant.length <= 1;
    explained = [...explained.filter((error) => !ofBranches.has(error) && !(error === union && isTold)), ...told];
  }
  return explained;
}

function isWithin({ schemaPath, instancePath }: ErrorObject, union: ErrorObject): boolean {
  return schemaPath.startsWith(`${union.schemaPath}/`) && `${instancePath}/`.startsWith(`${union.instancePath}/`);
}

/** Whether the error says that the value was not meant for its branch: another type, or another constant in a member. */
function isMismatch({ keyword, instancePath }: ErrorObject, union: ErrorObject): boolean {
  if (instancePath === union.instancePath) return keyword === "type" || keyword === "const" || keyword === "enum";
  const isMember = !instancePath.slice(union.instancePath.length + 1).includes("/");
  return isMember && (keyword === "const" || keyword === "enum");
}

/** One error for a value that was meant for no branch: the constants, or the types, that the branches ask for. */
function alternatives(ofBranches: ReadonlySet<ErrorObject>, union: ErrorObject): ErrorObject[] {
  const constants = [...ofBranches].filter(({ keyword }) => keyword === "const" || keyword === "enum");
  const types = [...ofBranches].filter((error) => error.keyword === "type" && error.instancePath === union.instancePath);
  const [instancePath, ...others] = new Set(constants.map((error) => error.instancePath));
  if (instancePath !== undefined && others.length === 0) {
    const allowedValues = constants.flatMap(({ params }) => (params.allowedValues as unknown[]) ?? [params.allowedValue]);
    return [{ ...union, keyword: "enum", instancePath, params: { allowedValues } }];
  }
  if (types.length === 0 || types.length < ofBranches.size) return [];
  const wanted = new Set(types.flatMap(({ params }) => params.type as string | string[]));
  return [{ ...union, keyword: "type", params: { type: [...wanted] } }];
}
