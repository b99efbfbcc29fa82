import type { Shape } from "./model.ts";

/** A limit that a value breaks. */
export interface BrokenLimit {
  /** Such as `Entries[0].DelaySeconds`. */
  readonly member: string;
  /** What the value must be. */
  readonly limit: string;
}

/** What of a service model's shape a value does not keep to. Members that the shape does not have are ignored, as AWS does. */
export function checkShape(shape: Shape, value: unknown, member = ""): BrokenLimit[] {
  switch (shape.type) {
    case "structure":
      return checkStructure(shape, value, member);
    case "list":
      return checkList(shape, value, member);
    case "map":
      return checkMap(shape, value, member);
    case "string":
      return typeof value === "string" ? checkText(shape, value, member) : [{ member, limit: "a string" }];
    case "integer":
    case "long":
      return Number.isInteger(value) ? checkSize(shape, value as number, member, "") : [{ member, limit: "a whole number" }];
    case "float":
    case "double":
      return typeof value === "number" ? checkSize(shape, value, member, "") : [{ member, limit: "a number" }];
    case "boolean":
      return typeof value === "boolean" ? [] : [{ member, limit: "true or false" }];
    default:
      // Blobs and times: their serialization says nothing about their limits, of which the models have none here.
      return [];
  }
}

function checkStructure({ required = [], members = {} }: Shape, value: unknown, member: string): BrokenLimit[] {
  if (typeof value !== "object" || value === null) return [{ member, limit: "a structure" }];
  const fields = value as Readonly<Record<string, unknown>>;
  const at = (name: string): string => (member === "" ? name : `${member}.${name}`);
  const missing = required.filter((name) => fields[name] === undefined).map((name) => ({ member: at(name), limit: "required" }));
  const given = Object.entries(members).filter(([name]) => fields[name] !== undefined);
  return [...missing, ...given.flatMap(([name, shape]) => checkShape(shape, fields[name], at(name)))];
}

function checkList(shape: Shape, value: unknown, member: string): BrokenLimit[] {
  if (!Array.isArray(value)) return [{ member, limit: "a list" }];
  const elements = value.flatMap((element, index) => checkShape(shape.member as Shape, element, `${member}[${index}]`));
  return [...checkSize(shape, value.length, member, "elements"), ...elements];
}

function checkMap(shape: Shape, value: unknown, member: string): BrokenLimit[] {
  if (typeof value !== "object" || value === null) return [{ member, limit: "a map" }];
  const entries = Object.entries(value);
  const broken = entries.flatMap(([key, entry]) => [
    ...checkShape(shape.key as Shape, key, `${member} key ${key}`),
    ...checkShape(shape.value as Shape, entry, `${member}.${key}`),
  ]);
  return [...checkSize(shape, entries.length, member, "entries"), ...broken];
}

function checkText(shape: Shape, value: string, member: string): BrokenLimit[] {
  const broken =
    shape.min === undefined && shape.max === undefined ? [] : checkSize(shape, [...value].length, member, "characters");
  if (shape.enum !== undefined && !shape.enum.includes(value)) {
    broken.push({ member, limit: `one of ${shape.enum.join(", ")}` });
  }
  if (shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`, "u").test(value)) {
    broken.push({ member, limit: `of the pattern ${shape.pattern}` });
  }
  return broken;
}

function checkSize({ min, max }: Shape, size: number, member: string, unit: string): BrokenLimit[] {
  const words = (bound: string, limit: number): BrokenLimit => ({ member, limit: `${bound} ${limit} ${unit}`.trim() });
  return [
    ...(min !== undefined && size < min ? [words("at least", min)] : []),
    ...(max !== undefined && size > max ? [words("at most", max)] : []),
  ];
}
