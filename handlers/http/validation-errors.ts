import { jsonPointer } from "@autoscaling-job-queues/domain/json-pointer";
import type { ErrorObject } from "ajv";
import type { PathError } from "./problem.ts";
import { type SchemaError, schemaMessage } from "./schema-messages.ts";

/** Errors of ajv that are looked at: many more than are shown, because those of unions shrink. */
const MAX_AJV_ERRORS = 1_000;

/** Keywords whose error is about a member of the value, which a parameter names. */
const MEMBER_PARAMETERS: Readonly<Record<string, string>> = {
  required: "missingProperty",
  dependentRequired: "missingProperty",
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
    .map((error) => {
      const message = schemaMessage(error);
      return { path: at + pathOf(error), message: error.propertyName === undefined ? message : `the name ${message}` };
    });
  return [...new Map(told.map((error) => [`${error.path} ${error.message}`, error])).values()];
}

function pathOf({ keyword, params, instancePath, propertyName }: ErrorObject): string {
  const member = propertyName ?? (params as SchemaError["params"])[MEMBER_PARAMETERS[keyword] ?? ""];
  return member === undefined ? instancePath : instancePath + jsonPointer([member as string]);
}

/**
 * A value that does not match a union matches none of its branches. Usually it was meant for one: that whose constants it has, such
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
    return [{ ...union, keyword: "enum", instancePath, params: { allowedValues }, data: constants[0]?.data }];
  }
  if (types.length === 0 || types.length < ofBranches.size) return [];
  const wanted = new Set(types.flatMap(({ params }) => params.type as string | string[]));
  return [{ ...union, keyword: "type", params: { type: [...wanted] } }];
}
