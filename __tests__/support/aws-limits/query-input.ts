import type { Shape } from "./model.ts";
import { scalarOf } from "./scalar.ts";

type Fields = Readonly<Record<string, string>>;

/** The input that the flat names of a form of AWS's Query protocol give, such as `MessageAttributes.entry.1.Value.DataType`. */
export function queryInput(shape: Shape, fields: Fields, prefix = ""): unknown {
  const under = Object.keys(fields).filter((name) => prefix === "" || name === prefix || name.startsWith(`${prefix}.`));
  if (under.length === 0) return undefined;
  const at = (name: string): string => (prefix === "" ? name : `${prefix}.${name}`);
  if (shape.type === "structure") {
    const members = Object.entries(shape.members ?? {});
    return Object.fromEntries(members.map(([name, member]) => [name, queryInput(member, fields, at(name))]));
  }
  if (shape.type === "list") {
    return places(under, at("member")).map((place) => queryInput(shape.member as Shape, fields, `${at("member")}.${place}`));
  }
  if (shape.type === "map") {
    const { key, value } = shape as { readonly key: Shape; readonly value: Shape };
    const entries = places(under, at("entry")).map((place) => `${at("entry")}.${place}`);
    return Object.fromEntries(
      entries.map((entry) => [
        fields[`${entry}.${key.locationName ?? "key"}`] ?? "",
        queryInput(value, fields, `${entry}.${value.locationName ?? "value"}`),
      ]),
    );
  }
  return scalarOf(shape, fields[prefix]);
}

/** The numbers that follow a prefix, in order. */
function places(names: readonly string[], prefix: string): number[] {
  const found = names
    .filter((name) => name.startsWith(`${prefix}.`))
    .map((name) => Number.parseInt(name.slice(prefix.length + 1), 10));
  return [...new Set(found)].sort((a, b) => a - b);
}
