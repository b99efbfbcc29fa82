import { type JsonSchema, patternRegExp } from "@autoscaling-job-queues/domain/json-schema";
import type { ValidateFunction } from "ajv";
import type { Ajv2020 } from "ajv/dist/2020.js";
import { MAX_ERRORS, type PathError } from "./problem.ts";
import { textBounds } from "./text-bounds.ts";
import { runWithin } from "./time-limit.ts";
import { pathErrors } from "./validation-errors.ts";

/**
 * Every error of every element of a large input would fill a Lambda's memory. Past so many characters of JSON, only the
 * first error is looked for.
 */
const MAX_CHARACTERS_FOR_ALL_ERRORS = 262_144;

interface Limit {
  /**
   * Milliseconds that a check may take, where the schema can make it long: for schemas of others. Their deployment refuses patterns that
   * take long, but not all that does, and a registry may hold what it never saw. @default no limit
   */
  readonly limitMs?: number;
}

interface CheckSettings extends Limit {
  /** Characters of the value's JSON. */
  readonly size: number;
  /** JSON pointer of the value, put before the path of each error. @default "" */
  readonly at?: string;
}

/** One of several values of one schema. */
export interface CheckedValue extends Required<Omit<CheckSettings, keyof Limit>> {
  readonly value: unknown;
}

interface Compiled {
  readonly validate: ValidateFunction;
  readonly mayTakeLong: boolean;
}

/**
 * Keywords whose check may take much longer than the value is long: items are compared with each other. Looked for in the text of a schema,
 * as a reference may lead anywhere in it.
 */
const LONG_KEYWORDS = /"(?:pattern|patternProperties|uniqueItems)":/;

type AjvClass = typeof Ajv2020;

/**
 * Checks values against JSON Schemas with ajv, which is loaded when first used: the loading then overlaps with the
 * first calls to AWS. A compiled schema is kept as long as the schema itself is.
 */
export class Validator {
  #ajv: Promise<AjvClass> | undefined;
  readonly #compiled = new WeakMap<JsonSchema, Map<boolean, Compiled>>();

  /** Loads ajv ahead of the first check. */
  async load(): Promise<AjvClass> {
    this.#ajv ??= import("ajv/dist/2020.js").then(({ default: { Ajv2020 } }) => Ajv2020);
    return await this.#ajv;
  }

  /**
   * @returns every error with its path; none when the value is valid.
   * @throws Error when the schema is not JSON Schema.
   */
  async check(schema: JsonSchema, value: unknown, { size, at = "", ...limit }: CheckSettings): Promise<PathError[]> {
    return await this.checkAll(schema, [{ value, size, at }], limit);
  }

  /**
   * Checks values one after the other, all within one limit: to set it takes a thousand times as long as to check a small value.
   *
   * @returns every error with its path, or at least `MAX_ERRORS` of them; of a value that takes too long that, and nothing of those after it.
   * @throws Error when the schema is not JSON Schema.
   */
  async checkAll(schema: JsonSchema, values: readonly CheckedValue[], { limitMs }: Limit): Promise<PathError[]> {
    const Ajv = await this.load();
    const checks = values.map(({ value, size, at }) => {
      return { value, at, ...compiled(this.#compiled, Ajv, schema, size <= MAX_CHARACTERS_FOR_ALL_ERRORS) };
    });
    const isLimited = limitMs !== undefined && checks.some(({ mayTakeLong }) => mayTakeLong);
    const errors: PathError[] = [];
    let current = "";
    const run = (): void => {
      for (const { value, at, validate } of checks) {
        if (errors.length >= MAX_ERRORS) return;
        current = at;
        if (!validate(value)) errors.push(...pathErrors(validate.errors ?? [], at));
      }
    };
    try {
      if (isLimited) runWithin(limitMs, run);
      else run();
    } catch (error) {
      if (!isLimited || !isExhausted(error)) throw error;
      const message = `cannot be checked within ${limitMs} ms: its schema takes too long for what it holds`;
      errors.push({ path: current, message });
    }
    return errors;
  }
}

/** Whether a pattern ran out of time, or out of the memory that backtracking takes. */
function isExhausted(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT" || error instanceof RangeError;
}

function compiled(
  kept: WeakMap<JsonSchema, Map<boolean, Compiled>>,
  Ajv: AjvClass,
  schema: JsonSchema,
  allErrors: boolean,
): Compiled {
  const ofSchema = kept.get(schema) ?? new Map<boolean, Compiled>();
  kept.set(schema, ofSchema);
  const found = ofSchema.get(allErrors) ?? compile(Ajv, schema, allErrors);
  ofSchema.set(allErrors, found);
  return found;
}

/** One instance per schema: instances keep all that they compile, and refuse a second schema of the same `$id`. */
function compile(Ajv: AjvClass, schema: JsonSchema, allErrors: boolean): Compiled {
  const ajv = new Ajv({
    allErrors,
    // Schemas come from job types, whose deployment checked them; keywords and formats unknown here are the worker's to check.
    strict: false,
    meta: false,
    validateSchema: false,
    logger: false,
    formats: { uri: URL.canParse },
    // Inherited members such as `constructor` are not part of JSON.
    ownProperties: true,
    // Errors then carry the schema that was not met, which may explain itself (`x-message`).
    verbose: true,
    code: { regExp: lenientRegExp },
  });
  const bounds = textBounds(schema);
  ajv.removeKeyword("pattern").addKeyword({
    keyword: "pattern",
    type: "string",
    schemaType: "string",
    compile: (pattern: string, parent: JsonSchema) => {
      const regExp = patternRegExp(pattern);
      const longest = bounds.get(parent) ?? Number.POSITIVE_INFINITY;
      return (text: string) => isLonger(text, longest) || regExp.test(text);
    },
  });
  return { validate: ajv.compile(schema), mayTakeLong: LONG_KEYWORDS.test(JSON.stringify(schema)) };
}

/** Whether a text has more characters than that, counted as JSON Schema does: a surrogate pair is one. */
function isLonger(text: string, characters: number): boolean {
  if (text.length <= characters) return false;
  if (text.length > 2 * characters) return true;
  let count = 0;
  for (const _ of text) count += 1;
  return count > characters;
}

/** The engine of patterns that ajv itself runs, on the names of members (`patternProperties`). */
function lenientRegExp(pattern: string): RegExp {
  return patternRegExp(pattern);
}
lenientRegExp.code = "lenientRegExp";
