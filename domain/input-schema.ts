import * as z from "zod";
import { allSchemas, type JsonSchema } from "./json-schema.ts";

/** Flags that do not change which texts a pattern is found in, once it has the flag `u`: indices, all matches, Unicode. */
const HARMLESS_FLAGS = /^[dgu]*$/;

/**
 * A job type's schema as JSON Schema, against which the API checks inputs.
 *
 * @throws Error when JSON Schema cannot express it, or a pattern has a flag that would be lost.
 */
export function inputSchema(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: "input",
    override: ({ zodSchema }) => {
      for (const pattern of patternsOf(zodSchema)) refuseFlags(pattern);
    },
  });
  for (const one of allSchemas(json)) dropLeadingDots(one.schema);
  return json;
}

function patternsOf(schema: z.core.$ZodType): RegExp[] {
  const { def, bag } = schema._zod as { readonly def: object; readonly bag: { readonly patterns?: Iterable<RegExp> } };
  const {
    pattern,
    checks = [],
    keyType,
  } = def as {
    readonly pattern?: unknown;
    readonly checks?: readonly z.core.$ZodCheck[];
    readonly keyType?: z.core.$ZodType;
  };
  const ofChecks = checks.map((check) => (check._zod.def as { readonly pattern?: unknown }).pattern);
  const own = [pattern, ...ofChecks, ...(bag.patterns ?? [])].filter((one) => one instanceof RegExp);
  return keyType === undefined ? own : [...own, ...patternsOf(keyType)];
}

/** JSON Schema has patterns without flags: what `/^[a-z]+$/i` takes, `^[a-z]+$` would refuse. */
function refuseFlags(pattern: RegExp): void {
  if (HARMLESS_FLAGS.test(pattern.flags)) return;
  throw new Error(`the pattern ${pattern} has flags that JSON Schema does not know; write it without, such as [A-Za-z] for i`);
}

/**
 * A pattern is looked for anywhere in the text, so `.*` at its start changes nothing but the time: of a text that does not match, it
 * is tried from every place to the end. zod writes `.*\.pdf$` for `endsWith(".pdf")`.
 */
function dropLeadingDots(schema: Record<string, unknown>): void {
  if (typeof schema.pattern === "string") schema.pattern = schema.pattern.replace(/^\.\*\??/, "");
}
