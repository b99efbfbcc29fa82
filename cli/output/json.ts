import { findNodeAtLocation, parseTree, visit } from "jsonc-parser";

/** Of what an answer had, the text: JavaScript's values lose the digits of numbers, and the order of members whose names are numbers. */
const texts = new WeakMap<object, string>();

/** Reads an answer, and remembers the text of it and of each of its `items`. */
export function parseWithText(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return value;
  texts.set(value, text);
  const { items } = value as { items?: unknown };
  if (!Array.isArray(items)) return value;
  const tree = parseTree(text);
  const nodes = (tree && findNodeAtLocation(tree, ["items"])?.children) ?? [];
  for (const [index, { offset, length }] of nodes.entries()) {
    const item: unknown = items[index];
    if (typeof item === "object" && item !== null) texts.set(item, text.slice(offset, offset + length));
  }
  return value;
}

/** The JSON of a value, as its answer had it where it is of one. @param indent whether it is for people. */
export function jsonOf(value: unknown, { indent }: { readonly indent: boolean }): string {
  const text = (typeof value === "object" && value !== null ? texts.get(value) : undefined) ?? JSON.stringify(value);
  return laidOut(text, indent);
}

/** The JSON of one member, as the answer had it; undefined where it is absent. */
export function memberJson(value: object, name: string): string | undefined {
  const text = texts.get(value);
  const tree = text === undefined ? undefined : parseTree(text);
  const node = tree && findNodeAtLocation(tree, [name]);
  if (text !== undefined && node !== undefined) return text.slice(node.offset, node.offset + node.length);
  return JSON.stringify((value as Readonly<Record<string, unknown>>)[name]);
}

/** JSON with other white space, and not one other character changed. */
export function laidOut(json: string, indent: boolean): string {
  const parts: string[] = [];
  let depth = 0;
  let isEmpty = true;
  const line = (): void => {
    if (indent) parts.push(`\n${"  ".repeat(depth)}`);
  };
  /** What begins a container, or stands first in one, goes to a line of its own. */
  const add = (offset: number, length: number): void => {
    if (isEmpty && depth > 0) line();
    isEmpty = false;
    parts.push(json.slice(offset, offset + length));
  };
  const begin = (offset: number, length: number): void => {
    add(offset, length);
    depth += 1;
    isEmpty = true;
  };
  const end = (offset: number, length: number): void => {
    depth -= 1;
    if (!isEmpty) line();
    isEmpty = false;
    parts.push(json.slice(offset, offset + length));
  };
  visit(json, {
    onObjectBegin: begin,
    onObjectEnd: end,
    onArrayBegin: begin,
    onArrayEnd: end,
    onObjectProperty: (_, offset, length) => add(offset, length),
    onLiteralValue: (_, offset, length) => add(offset, length),
    onSeparator: (character) => {
      parts.push(character === ":" && indent ? ": " : character);
      if (character === ",") line();
    },
  });
  return parts.join("");
}
