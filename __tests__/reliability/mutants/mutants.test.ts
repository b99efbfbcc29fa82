import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { INVARIANT_NUMBERS } from "../checker/invariants.ts";
import { notKilled } from "./breach.ts";
import { explorationOf } from "./course-probe.ts";
import { MUTANTS, parseMutants } from "./mutant.ts";
import { mutatedSource } from "./mutated-source.ts";
import { isOwnProbe } from "./probes.ts";
import { runProbes } from "./run-probes.ts";

/** Crash safety breaks only where another invariant does. */
const FOLLOWING: readonly number[] = [15];

/** Cheap ones: of a pure decision, and of code over the emulators. */
const FAST = ["an alarm for empty queues that overlooks delayed messages", "acknowledging before publishing"];

/** Within the time limit of a test. */
const TIMEOUT_MS = 80_000;

describe("the mutants", () => {
  it.each(MUTANTS)("apply to the source as it is: $name", async ({ edits }) => {
    for (const [file, changes] of Map.groupBy(edits, (edit) => edit.file)) {
      const source = await readFile(file, "utf8");
      expect(mutatedSource(source, changes)).not.toBe(source);
    }
  });

  it("have a name each, and attack every invariant that does not follow from others", () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    const attacked = new Set<unknown>(MUTANTS.map(({ breaks }) => breaks[0]));
    expect(INVARIANT_NUMBERS.filter((number) => !attacked.has(number))).toEqual(FOLLOWING);
  });

  it("are told by probes that there are", () => {
    const unknown = MUTANTS.filter(({ killer }) => !isOwnProbe(killer) && explorationOf(killer) === undefined);
    expect(unknown.map(({ name }) => name)).toEqual([]);
  });

  it("are read from paragraphs", () => {
    const text = "// Guards.\n\n# none\nbreaks 9, 7; told by two owners\n@ a.ts Gate.#open\n- shut();\n- wait(1)\n+ wait(0)\n";
    const place = { file: "a.ts", within: "Gate.#open" };
    const edits = [
      { ...place, node: "shut();", replace: "" },
      { ...place, node: "wait(1)", replace: "wait(0)" },
    ];
    expect(parseMutants(text)).toEqual([{ name: "none", edits, breaks: [9, 7], killer: "two owners" }]);
    expect(() => parseMutants(text.replace("9, 7", "9, 99"))).toThrow("breaks what nobody promises: 99");
  });

  it("apply to a node of the syntax tree, however it is laid out", () => {
    const mutant = [{ file: "a.ts", within: "Gate.#open", node: "if (shut) { wait( a, b ); }", replace: "wait();" }];
    const source = (body: string): string => `wait(a, b);\nclass Gate {\n  #open() {${body}}\n}`;
    expect(mutatedSource(source("\n    if (shut) {\n      wait(\n a,\n b,\n );\n    }\n"), mutant)).toBe(
      source("\n    wait();\n"),
    );
  });

  it("take the comma of an element that goes along", () => {
    const element = { file: "a.ts", within: "TABLE.row", node: "two", replace: "" };
    expect(mutatedSource("const TABLE = { row: [one, two, three], two };", [element])).toBe(
      "const TABLE = { row: [one,  three], two };",
    );
  });

  it("do not apply where their node is gone, or is there twice", () => {
    const edit = { file: "a.ts", within: "open", node: "guard();", replace: "" };
    const open = (body: string): string => `guard(); function open() { ${body} }`;
    expect(() => mutatedSource(open("guarded();"), [edit])).toThrow("in open of a.ts it occurs 0 times, not once: guard();");
    expect(() => mutatedSource(open("guard(); guard();"), [edit])).toThrow("it occurs 2 times");
    expect(() => mutatedSource("guard();", [edit])).toThrow("a.ts declares no open");
  });

  it.each(MUTANTS.filter(({ name }) => FAST.includes(name)))("are found out: $name", async (mutant) => {
    const [breaches = []] = await runProbes(mutant.edits, [mutant.killer], TIMEOUT_MS);
    expect(notKilled(mutant, breaches)).toBeUndefined();
  });
});

describe("the judge of mutants", () => {
  const mutant = { name: "a mutant", edits: [], breaks: [9, 7], killer: "two owners" } as const;
  const guarded = { broken: 9, message: "it was not fenced" } as const;
  const following = { broken: 7, message: "made twice" } as const;

  it("takes for its death what the guard is there for, and what follows from that", () => {
    expect(notKilled(mutant, [guarded])).toBeUndefined();
    expect(notKilled(mutant, [following, guarded])).toBeUndefined();
  });

  it("takes nothing else for it", () => {
    const found = '"two owners" should have found invariant 9, invariant 7 broken, and found';
    expect(notKilled(mutant, [])).toBe('it survives "two owners", which should have found invariant 9 broken');
    expect(notKilled(mutant, [following])).toBe(`${found} invariant 7: made twice`);
    expect(notKilled(mutant, [guarded, { broken: 1, message: "lost" }])).toBe(`${found} invariant 1: lost`);
  });
});
