import type { ErrorObject } from "ajv";
import { cut, quote } from "./problem.ts";

/** The part of ajv's error (`verbose`) that a message is made of. */
export type SchemaError = Pick<ErrorObject, "keyword" | "data" | "schema" | "parentSchema"> & {
  readonly params: Readonly<Record<string, unknown>>;
};

const LONGEST_LIST = 200;

const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  integer: "an integer",
  boolean: "true or false",
  object: "an object",
  array: "an array",
  null: "null",
};

/** Formats that zod writes beside a pattern that nobody wants to read, and the one that is checked by its name. */
const FORMATS: Readonly<Record<string, string>> = {
  uri: "an absolute URL",
  email: "an email address",
  uuid: "a UUID",
  guid: "a UUID",
  date: "a date (2026-11-29)",
  time: "a time (09:00:00)",
  "date-time": "a date and time (2026-11-29T09:00:00Z)",
  duration: "a duration (PT15M)",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
};

const hasFormat = ({ parentSchema }: SchemaError) => FORMATS[String(parentSchema?.format)];
const bound = (words: string) => (error: SchemaError) => `must be ${words} ${error.params.limit}, not ${shown(error)}`;
const size = (words: string, one: string) => (error: SchemaError) =>
  `must have ${words} ${error.params.limit} ${one}${error.params.limit === 1 ? "" : "s"}, not ${sizeOf(error.data)}`;

/**
 * What is wrong with a value, and what is right, by the keyword of the schema that it misses. A sentence without its subject, which
 * is the path: "must be an integer, not a string". A caller's value is repeated only where it is short.
 */
const MESSAGES: Readonly<Record<string, (error: SchemaError) => string>> = {
  required: () => "is required",
  dependentRequired: ({ params }) => `is required beside ${params.property}`,
  additionalProperties: ({ parentSchema = {} }) =>
    `is not allowed here${"patternProperties" in parentSchema ? "" : only(parentSchema.properties)}`,
  unevaluatedProperties: () => "is not allowed here",
  "false schema": () => "is not allowed here",
  type: (error) => {
    const wanted = [error.params.type].flat();
    const given = typeOf(error.data);
    const tells = given === "boolean" || (given === "number" && wanted.includes("integer"));
    return `must be ${wanted.map(typeName).join(" or ")}, not ${tells ? shown(error) : typeName(given)}`;
  },
  const: (error) => `must be ${quote(error.params.allowedValue)}, not ${shown(error)}`,
  enum: (error) => `must be one of ${(error.params.allowedValues as unknown[]).map(quote).join(", ")}, not ${shown(error)}`,
  pattern: (error) =>
    hasFormat(error) === undefined
      ? `must match the pattern ${error.schema}, and ${shown(error)} does not`
      : `must be ${hasFormat(error)}, not ${shown(error)}`,
  format: (error) => `must be ${hasFormat(error) ?? `of the format ${error.schema}`}, not ${shown(error)}`,
  minimum: bound("at least"),
  maximum: bound("at most"),
  exclusiveMinimum: bound("more than"),
  exclusiveMaximum: bound("less than"),
  multipleOf: (error) => `must be a multiple of ${error.params.multipleOf}, not ${shown(error)}`,
  minLength: size("at least", "character"),
  maxLength: size("at most", "character"),
  minItems: size("at least", "item"),
  maxItems: size("at most", "item"),
  minProperties: size("at least", "member"),
  maxProperties: size("at most", "member"),
  uniqueItems: ({ params }) => `must not have an item twice: items ${params.j} and ${params.i} are the same`,
  contains: ({ params }) => `must have at least ${params.minContains} of the items that its schema asks for`,
  anyOf: () => "must have one of the allowed shapes",
  oneOf: ({ params }) =>
    params.passingSchemas
      ? "fits several of the shapes of which it must have exactly one"
      : "must have one of the allowed shapes",
  not: () => "must not have the shape that its schema rules out",
};

/** @returns what an error says, in words that go with the path of the value. */
export function schemaMessage(error: SchemaError): string {
  const own: unknown = error.parentSchema?.["x-message"];
  return typeof own === "string"
    ? own
    : (MESSAGES[error.keyword]?.(error) ?? `does not meet ${quote(error.keyword)} of its schema`);
}

function only(properties: object = {}): string {
  const names = Object.keys(properties).join(", ");
  return names === "" ? ", nothing is" : `, only ${cut(names, LONGEST_LIST)}`;
}

/** A value as a message may repeat it: never more than a line of it, and nothing of what an object or an array holds. */
function shown({ data }: SchemaError): string {
  if (typeof data === "object" && data !== null) return typeName(typeOf(data));
  return typeof data === "number" ? String(data) : quote(data);
}

function typeName(type: unknown): string {
  return TYPES[String(type)] ?? String(type);
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Characters, items or members, as JSON Schema counts them: a surrogate pair is one character. */
function sizeOf(value: unknown): number {
  if (typeof value !== "string") return Object.keys(value as object).length;
  let pairs = 0;
  for (let at = 0; at < value.length; at += 1) if ((value.codePointAt(at) as number) > 0xffff) pairs += 1;
  return value.length - pairs;
}
