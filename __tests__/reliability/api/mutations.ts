import fc from "fast-check";
import { hostileJson, hostileName, nested } from "./hostile-values.ts";

/** A change of one value somewhere within a JSON value. */
type Mutate = (value: unknown) => unknown;

/** Another type that looks much the same. */
function retype(value: unknown): unknown {
  switch (typeof value) {
    case "string":
      return value.trim() !== "" && !Number.isNaN(Number(value)) ? Number(value) : [value];
    case "number":
      return String(value);
    case "boolean":
      return value ? "true" : 0;
    default:
      return value === null ? "null" : Array.isArray(value) ? { ...value } : Object.entries(value ?? {});
  }
}

const operators: fc.Arbitrary<Mutate> = fc.oneof(
  hostileJson.map(
    (other): Mutate =>
      () =>
        other,
  ),
  fc.constantFrom<Mutate>(
    retype,
    (value) => [value],
    (value) => ({ value }),
    () => undefined,
    () => null,
  ),
  fc.tuple(hostileName, hostileJson).map(
    ([name, content]): Mutate =>
      (value) =>
        withMember(value, name, content),
  ),
  fc.constant<Mutate>((value) => (typeof value === "string" ? value.repeat(40) : value)),
  fc.integer({ min: 150, max: 250 }).map(
    (levels): Mutate =>
      () =>
        nested(levels),
  ),
);

/** A JSON value with one to three of its parts changed, removed or added. */
export function mutated(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const mutations = fc.array(fc.tuple(fc.nat({ max: 30 }), operators), { minLength: 1, maxLength: 3 });
  return fc
    .tuple(values, mutations)
    .map(([value, changes]) => changes.reduce<unknown>((changed, [at, mutate]) => mutateAt(changed, at, mutate), value) ?? null);
}

/** Changes the `at`-th part of a value, counted through it depth first; past the last, the value itself. */
function mutateAt(value: unknown, at: number, mutate: Mutate): unknown {
  let left = at;
  let isDone = false;
  const visit = (part: unknown): unknown => {
    if (isDone) return part;
    if (left === 0) {
      isDone = true;
      return mutate(part);
    }
    left -= 1;
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, content]) => [name, visit(content)]));
  };
  const changed = visit(value);
  return isDone ? changed : mutate(value);
}

function withMember(value: unknown, name: string, content: unknown): unknown {
  if (Array.isArray(value)) return [...value, content];
  if (typeof value !== "object" || value === null) return { [name]: content };
  return Object.fromEntries([...Object.entries(value), [name, content]]);
}
