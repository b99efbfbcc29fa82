import { alternativesOf, isSchema, type Schema, schemaPhrase } from "./schema-phrase.ts";
import { styled } from "./style.ts";
import { visible } from "./visible.ts";
import { wrapped } from "./wrapped.ts";

/** Members within members that are shown: deeper ones are for `--json`. */
const MAX_DEPTH = 4;
const INDENT = 2;

/** A member of an object, as its schema says. */
interface Member {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** What a JSON Schema takes, for people: each member with its type, whether it is required, its limits, and what it is. @param width in columns */
export function schemaLines(schema: unknown, width: number): string[] {
  if (!isSchema(schema)) return ["any value"];
  const below = membersBelow(schema, 1, width);
  return below.length === 0 ? [visible(schemaPhrase(schema))] : below;
}

/** The lines of what is within a value: of an object its members, of a list those of its items, of alternatives those of each. */
function membersBelow(schema: Schema, depth: number, width: number): string[] {
  if (depth > MAX_DEPTH) return [];
  const alternatives = alternativesOf(schema);
  if (alternatives.some((one) => membersOf(one).length > 0)) return alternativeLines(alternatives, depth, width);
  if (isSchema(schema.items)) return membersBelow(schema.items, depth, width);
  return memberLines(membersOf(schema), depth, width);
}

/** Each alternative by the members that tell it from the others; what all of them have stands below, once. */
function alternativeLines(alternatives: readonly Schema[], depth: number, width: number): string[] {
  const lists = alternatives.map(membersOf);
  const isOfAll = (member: Member): boolean => lists.every((list) => list.some((one) => isSame(one, member)));
  const shared = (lists[0] ?? []).filter(isOfAll);
  const margin = " ".repeat(INDENT * depth);
  const own = lists.flatMap((list, index) => {
    const [fixed, open] = partition(list.filter((member) => !isOfAll(member)));
    const alternative = alternatives[index] as Schema;
    const head =
      fixed.length > 0
        ? fixed.map(({ name, schema }) => `${name}: ${schemaPhrase(schema)}`).join(", ")
        : list.length > 0
          ? "or with"
          : schemaPhrase(alternative);
    return [`${margin}${styled("bold", visible(head))}`, ...memberLines(open, depth + 1, width)];
  });
  return [...own, ...(shared.length === 0 ? [] : [`${margin}with each`, ...memberLines(shared, depth + 1, width)])];
}

/** Members that have one value, which name an alternative, and the others. */
function partition(members: readonly Member[]): readonly [fixed: readonly Member[], open: readonly Member[]] {
  const isFixed = ({ schema, required }: Member): boolean => required && "const" in schema;
  return [members.filter(isFixed), members.filter((member) => !isFixed(member))];
}

function memberLines(members: readonly Member[], depth: number, width: number): string[] {
  const longest = Math.max(0, ...members.map(({ name }) => visible(name).length));
  const margin = " ".repeat(INDENT * depth);
  const hanging = margin.length + longest + INDENT;
  return members.flatMap(({ name, schema, required }) => {
    const need = "default" in schema ? `by default ${JSON.stringify(schema.default)}` : required ? "required" : "optional";
    const what = typeof schema.description === "string" ? `. ${schema.description}` : "";
    const [first = "", ...rest] = wrapped(visible(`${schemaPhrase(schema)}; ${need}${what}`), width - hanging);
    return [
      `${margin}${styled("bold", visible(name).padEnd(longest))}${" ".repeat(INDENT)}${first}`,
      ...rest.map((line) => `${" ".repeat(hanging)}${line}`),
      ...membersBelow(schema, depth + 1, width),
    ];
  });
}

function membersOf({ properties, required }: Schema): readonly Member[] {
  if (!isSchema(properties)) return [];
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    schema: isSchema(schema) ? schema : {},
    required: needed.includes(name),
  }));
}

function isSame(one: Member, other: Member): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
