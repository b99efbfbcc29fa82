import ts from "typescript";
import type { Edit } from "./mutant.ts";

/**
 * The source with a mutant's edits.
 *
 * @throws Error when the code of an edit is not there exactly once: a mutant that does not apply proves nothing.
 */
export function mutatedSource(source: string, edits: readonly Edit[]): string {
  const file = ts.createSourceFile("mutated.ts", source, ts.ScriptTarget.Latest, true);
  const places = edits.map((edit) => ({ ...placeOf(file, edit), replace: edit.replace }));
  const fromTheEnd = places.toSorted((one, other) => other.start - one.start);
  return fromTheEnd.reduce((text, { start, end, replace }) => text.slice(0, start) + replace + text.slice(end), source);
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function placeOf(source: ts.SourceFile, { file, within, node, replace }: Edit): Place {
  const declaration = within.split(".").reduce<ts.Node | undefined>((outer, name) => outer && declared(outer, name), source);
  if (declaration === undefined) throw new Error(`${file} declares no ${within}`);
  const places = new Map<number, Place>();
  for (const found of descendants(declaration)) {
    if (bare(found.getText(source)) !== bare(node)) continue;
    // Of nodes that begin at one place, such as an expression and its statement, the outer.
    if (!places.has(found.getStart(source)))
      places.set(found.getStart(source), { start: found.getStart(source), end: found.end });
  }
  const [place, another] = places.values();
  if (place === undefined || another !== undefined) {
    throw new Error(`in ${within} of ${file} it occurs ${places.size} times, not once: ${node}`);
  }
  // An element that goes takes its comma along.
  const comma = replace === "" ? (/^\s*,/.exec(source.text.slice(place.end))?.[0].length ?? 0) : 0;
  return { start: place.start, end: place.end + comma };
}

/** The first thing in it that bears the name: a function, a variable, a class, a method, or a member of an object. */
function declared(outer: ts.Node, name: string): ts.Node | undefined {
  for (const node of descendants(outer)) {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) {
      if (node.name?.getText() === name) return node;
    }
  }
  return undefined;
}

function* descendants(node: ts.Node): Generator<ts.Node> {
  for (const child of node.getChildren()) {
    yield child;
    yield* descendants(child);
  }
}

/** Code without what its layout decides. */
function bare(code: string): string {
  return code.replace(/\s+/g, "").replace(/,(?=[)\]}])/g, "");
}
