import { readFile } from "node:fs/promises";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { inputSchema } from "../../domain/input-schema.ts";
import type { JsonSchema } from "../../domain/json-schema.ts";
import { openApi } from "../../handlers/openapi/description.ts";
import { checkPatterns, patternFault, patternsOf } from "../../scripts/safe-patterns.ts";
import { sourceFiles } from "../support/source-files.ts";

/** Proofs take up to seconds each, the first time. */
const LONG_MS = 400_000;

const faultOf = (schema: z.ZodType | JsonSchema) =>
  checkPatterns("report", schema instanceof z.ZodType ? inputSchema(schema) : schema).then(
    () => undefined,
    (error: Error) => error.message,
  );

describe("a pattern of a job type's schema", () => {
  it.each<[string, z.ZodType | JsonSchema, string]>([
    ["of a text", z.object({ a: z.string().regex(/^(\w+\s?)*$/) }), "^(\\w+\\s?)*$ at /properties/a/pattern takes exponential"],
    ["that takes polynomial time", z.string().regex(/\s+$/), "\\s+$ at /pattern takes polynomial"],
    ["beside a bound", z.string().max(20).regex(/\s+$/), "\\s+$ at /pattern takes polynomial"],
    [
      "among several",
      z
        .string()
        .regex(/^a/)
        .regex(/^(a|a)*$/),
      "^(a|a)*$ at /allOf/1/pattern takes exponential",
    ],
    ["of names", z.record(z.string().regex(/^(a+)+$/), z.number()), "^(a+)+$ at /propertyNames/pattern takes exponential"],
    ["of some names", z.looseRecord(z.string().regex(/^(a+)+$/), z.number()), "at /patternProperties/^(a+)+$ takes exponential"],
    ["in a union", z.union([z.number(), z.string().regex(/^(a+)+$/)]), "at /anyOf/1/pattern takes exponential"],
    ["of a template", z.templateLiteral([z.string().regex(/(a+)+/), "!"]), "at /pattern takes exponential"],
    ["with the flag u", z.string().regex(/^(\p{L}+)*$/u), "^(\\p{L}+)*$ at /pattern takes exponential"],
    ["that only older JavaScript takes", { pattern: "^(\\_|\\w)*$" }, "at /pattern takes"],
    ["of a definition", { $defs: { "a/b": { pattern: "^(a+)+$" } } }, "at /$defs/a~1b/pattern takes exponential"],
    ["that is none", { pattern: "(" }, "( at /pattern is not a regular expression"],
  ])(
    "is refused where it is vulnerable: %s",
    async (_, schema, message) => {
      const fault = await faultOf(schema);
      expect(fault).toMatch(/^job type "report": input: the pattern /);
      expect(fault).toContain(message);
    },
    LONG_MS,
  );

  it(
    "is refused with a text that shows it",
    async () => {
      expect(await faultOf(z.string().regex(/^(a+)+$/))).toMatch(/for such texts as '[^']*'.*repeat\(\d+\)/);
    },
    LONG_MS,
  );

  it(
    "is taken where the time grows with the text alone, every format of zod among them",
    async () => {
      const formats = [
        [z.email(), z.url(), z.uuid(), z.guid(), z.nanoid(), z.cuid2(), z.ulid(), z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
        [z.base64(), z.base64url(), z.e164(), z.jwt(), z.emoji(), z.iso.date(), z.iso.time(), z.iso.duration(), z.hostname()],
        [z.iso.datetime(), z.string().startsWith("a.b"), z.string().endsWith(".pdf"), z.string().includes("x"), z.hex()],
        [z.string().lowercase(), z.string().uppercase(), z.templateLiteral(["v", z.number(), "-", z.string()])],
      ].flat();
      for (const format of formats) expect(await faultOf(format)).toBeUndefined();
    },
    LONG_MS,
  );
});

describe("our own patterns", () => {
  it(
    "take linear time: those of the API's description",
    async () => {
      const { components, paths } = openApi() as { components: { schemas: Record<string, JsonSchema> }; paths: object };
      const schemas = [...Object.values(components.schemas), ...schemasIn(paths)];
      const patterns = new Set(schemas.flatMap((schema) => patternsOf(schema).map(({ pattern }) => pattern)));
      expect(patterns.size).toBeGreaterThan(4);
      for (const pattern of patterns)
        expect([pattern, await patternFault({ source: pattern, flags: "u" })]).toEqual([pattern, undefined]);
    },
    LONG_MS,
  );

  it(
    "take linear time: those that see what callers, jobs and commands write",
    async () => {
      const files = await sourceFiles(["domain", "handlers", "worker", "local", "jobs"]);
      const literals = new Map<string, string>();
      for (const file of files) for (const literal of await literalsOf(file)) literals.set(literal, path.relative(".", file));
      expect(literals.size).toBeGreaterThan(20);
      const faults = [];
      for (const [literal, file] of literals) {
        const [, source = "", flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(literal) ?? [];
        const fault = await patternFault({ source, flags });
        if (fault !== undefined) faults.push(`${file}: ${literal} ${fault}`);
      }
      expect(faults).toEqual([]);
    },
    LONG_MS,
  );
});

/** The schemas that stand anywhere in a description, under `schema`. */
function schemasIn(part: unknown): JsonSchema[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([name, content]) => (name === "schema" ? [content as JsonSchema] : schemasIn(content)));
}

/** The regular expressions that are written out in a file. */
async function literalsOf(file: string): Promise<string[]> {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, await readFile(file, "utf8"), ts.ScriptTarget.Latest));
  return found;
}
