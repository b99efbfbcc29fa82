import * as z from "zod";
import { SettingsError } from "./errors.ts";
import type { JobType } from "./job-type.ts";
import { allSchemas, type JsonSchema } from "./json-schema.ts";

/** Flags that do not change which texts a pattern is found in, once it has the flag `u`: indices, all matches, Unicode. */
const HARMLESS_FLAGS = /^[dgu]*$/;

/** Bytes of a DynamoDB item, 400 KB (DynamoDB quotas), less what a registry entry has beside the schema. */
const MAX_SCHEMA_BYTES = 390_000;

/**
 * What a job type registers of its schema, found out before it does.
 *
 * @throws SettingsError when JSON Schema cannot express it, or the registry cannot keep it.
 */
export function registeredSchema({ name, input }: Pick<JobType, "name" | "input">): JsonSchema {
  const refuse = (given: string, allowed: string): never => {
    throw new SettingsError(`job type ${JSON.stringify(name)}: input`, given, allowed);
  };
  let schema: JsonSchema;
  try {
    schema = inputSchema(input);
  } catch (error) {
    return refuse((error as Error).message, "a zod schema that JSON Schema can express, so that the API can check inputs");
  }
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes <= MAX_SCHEMA_BYTES) return schema;
  return refuse(`${bytes} bytes as JSON`, `a schema of at most ${MAX_SCHEMA_BYTES} bytes as JSON (DynamoDB: size of an item)`);
}

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
