import type { ValidateFunction } from "ajv";
import type { Ajv2020 } from "ajv/dist/2020.js";
import type { PathError } from "./problem.ts";
import { pathErrors } from "./validation-errors.ts";

/** JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Every error of every element of a large input would fill a Lambda's memory. Past so many characters of JSON, only the
 * first error is looked for.
 */
const MAX_CHARACTERS_FOR_ALL_ERRORS = 262_144;

type AjvClass = typeof Ajv2020;

/**
 * Checks values against JSON Schemas with ajv, which is loaded when first used: the loading then overlaps with the
 * first calls to AWS. A compiled schema is kept as long as the schema itself is.
 */
export class Validator {
  #ajv: Promise<AjvClass> | undefined;
  readonly #compiled = new WeakMap<JsonSchema, Map<boolean, ValidateFunction>>();

  /** Loads ajv ahead of the first check. */
  async load(): Promise<AjvClass> {
    this.#ajv ??= import("ajv/dist/2020.js").then(({ default: { Ajv2020 } }) => Ajv2020);
    return await this.#ajv;
  }

  /**
   * @param size characters of the value's JSON.
   * @param at JSON pointer of the value, put before the path of each error.
   * @returns every error with its path; none when the value is valid.
   * @throws Error when the schema is no JSON Schema.
   */
  async check(schema: JsonSchema, value: unknown, { size, at = "" }: { size: number; at?: string }): Promise<PathError[]> {
    const validate = compiled(this.#compiled, await this.load(), schema, size <= MAX_CHARACTERS_FOR_ALL_ERRORS);
    return validate(value) ? [] : pathErrors(validate.errors ?? [], at);
  }
}

function compiled(
  kept: WeakMap<JsonSchema, Map<boolean, ValidateFunction>>,
  Ajv: AjvClass,
  schema: JsonSchema,
  allErrors: boolean,
): ValidateFunction {
  const ofSchema = kept.get(schema) ?? new Map<boolean, ValidateFunction>();
  kept.set(schema, ofSchema);
  const validate = ofSchema.get(allErrors) ?? compile(Ajv, schema, allErrors);
  ofSchema.set(allErrors, validate);
  return validate;
}

/** One instance per schema: instances keep all that they compile, and refuse a second schema of the same `$id`. */
function compile(Ajv: AjvClass, schema: JsonSchema, allErrors: boolean): ValidateFunction {
  const ajv = new Ajv({
    allErrors,
    // Schemas come from job types, whose deployment checked them; keywords and formats unknown here are the worker's to check.
    strict: false,
    meta: false,
    validateSchema: false,
    logger: false,
    formats: { uri: URL.canParse },
    // Inherited members such as `constructor` are no part of JSON.
    ownProperties: true,
    // Errors then carry the schema that they missed, which may explain itself (`x-message`).
    verbose: true,
    code: { regExp: lenientRegExp },
  });
  return ajv.compile(schema);
}

/** Some patterns that JavaScript takes without the flag `u` are errors with it, such as an escaped underscore. */
function lenientRegExp(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return new RegExp(pattern);
  }
}
lenientRegExp.code = "lenientRegExp";
