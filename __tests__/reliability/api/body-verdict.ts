import { isUtf8 } from "node:buffer";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { hasTwins, isHeld } from "../../support/json-oracles.ts";
import type { BodyText } from "./body-texts.ts";
import type { Schema } from "./description.ts";

/** What a body may have, as the description says. */
export interface Limits {
  readonly bytes: number;
  readonly depth: number;
}

/** What is to be said of a body before its schema is asked. */
export type BodyVerdict = { readonly value: unknown; readonly lossyInput: boolean } | { readonly refusedWith: number };

/** Tells the inputs in a body from the rest of it: numbers that no double holds are refused for other reasons there. */
export type Split = (body: unknown) => { readonly inputs: readonly unknown[]; readonly rest: unknown };

/** Of the body that adds one job. */
export const oneInput: Split = (body) => {
  const { input, ...rest } = (body ?? {}) as Record<string, unknown>;
  return { inputs: [input], rest };
};

/** Stands for a number that no double holds. */
class Lossy {}

export function readBody(text: BodyText | undefined, limits: Limits, split: Split = oneInput): BodyVerdict {
  if (text === undefined) return { refusedWith: 400 };
  const bytes = Buffer.from(text.body, text.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > limits.bytes) return { refusedWith: 413 };
  if (text.isBase64Encoded && !isUtf8(bytes)) return { refusedWith: 400 };
  try {
    const json = text.isBase64Encoded ? bytes.toString() : text.body;
    const value: unknown = JSON.parse(json);
    if (!json.isWellFormed() || !isUsable(value, limits.depth) || hasTwins(json)) return { refusedWith: 400 };
    const { inputs, rest } = split(lossyParts(json));
    return isLossy(rest) ? { refusedWith: 400 } : { value, lossyInput: isLossy(inputs) };
  } catch {
    return { refusedWith: 400 };
  }
}

/** The body with each number that no double holds marked. */
function lossyParts(json: string): unknown {
  return JSON.parse(json, (_, value, { source }) => (typeof value === "number" && !isHeld(source ?? "") ? new Lossy() : value));
}

function isLossy(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Lossy || Object.values(value).some(isLossy);
}

/** Whether nothing nests too deep; without recursion, for it may nest any depth. */
function isUsable(value: unknown, maxDepth: number): boolean {
  const left: { readonly part: unknown; readonly depth: number }[] = [{ part: value, depth: 1 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { part, depth } = next;
    if (typeof part !== "object" || part === null) continue;
    if (depth > maxDepth) return false;
    for (const content of Object.values(part)) left.push({ part: content, depth: depth + 1 });
  }
  return true;
}

/** Equal for values that are the same JSON, whatever the order of members. */
export function canonical(value: unknown): string {
  const ordered = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(ordered);
    if (typeof part !== "object" || part === null) return part;
    const members = Object.entries(part).map(([name, content]) => [name, ordered(content)] as const);
    return { members: members.sort(([a], [b]) => (a < b ? -1 : 1)) };
  };
  return JSON.stringify(ordered(value));
}

/** A check of a schema as the description has them. */
export function compile(schema: Schema): ValidateFunction {
  return new Ajv2020({ strict: false, logger: false, ownProperties: true }).compile(schema);
}
