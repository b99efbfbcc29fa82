import type { JsonSchema } from "../../../domain/json-schema.ts";
import type { PathError } from "../../../handlers/http/problem.ts";
import { Validator } from "../../../handlers/http/validator.ts";

/**
 * The validator of all Lambdas of a platform. Each of them is a fresh process that reads its job type anew; here a schema of
 * the same text is compiled once.
 */
export class CachingValidator extends Validator {
  readonly #schemas = new Map<string, JsonSchema>();

  override async check(schema: JsonSchema, value: unknown, options: { size: number; at?: string }): Promise<PathError[]> {
    const text = JSON.stringify(schema);
    const known = this.#schemas.get(text) ?? schema;
    this.#schemas.set(text, known);
    return await super.check(known, value, options);
  }
}
