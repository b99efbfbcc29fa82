import type * as z from "zod";
import { SettingsError } from "./errors.ts";

/** What settings must meet beyond their schema: two of them must go together, or one with what is around. */
export interface SettingRule {
  readonly holds: boolean;
  readonly setting: string;
  readonly given: unknown;
  /** In words. */
  readonly allowed: string;
}

type WrongSetting = Omit<SettingRule, "holds">;

/**
 * Checks settings, and fills in their defaults. A setting that is undefined is one that was left out.
 *
 * @param owner whose settings they are, in messages, such as `job type "report"`.
 * @param schema made of the schemas in `setting-schemas.ts`.
 * @param rules checked, in this order, once each setting is right by itself.
 * @throws SettingsError for the first setting that is wrong; it names the setting, what was given and what is allowed.
 */
export function parseSettings<Schema extends z.ZodType>(
  owner: string,
  schema: Schema,
  settings: unknown,
  rules: (settings: z.output<Schema>) => readonly SettingRule[] = () => [],
): z.output<Schema> {
  const stated = withoutUndefined(settings);
  const { data, error } = schema.safeParse(stated);
  if (error !== undefined) throw settingsError(owner, wrongSetting(schema, error, stated));
  checkRules(owner, rules(data));
  return data;
}

/** @throws SettingsError for the first rule that does not hold. */
export function checkRules(owner: string, rules: readonly SettingRule[]): void {
  const broken = rules.find(({ holds }) => !holds);
  if (broken !== undefined) throw settingsError(owner, broken);
}

function settingsError(owner: string, { setting, given, allowed }: WrongSetting): SettingsError {
  return new SettingsError([owner, setting].filter(Boolean).join(": "), shown(given), allowed);
}

/** The first setting that does not exist, such as a misspelled one, or else the first that is out of range. */
function wrongSetting(schema: z.ZodType, { issues }: z.ZodError, settings: unknown): WrongSetting {
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  if (issue?.code !== "unrecognized_keys") {
    const path = issue?.path ?? [];
    // What is wrong with a name that the author chose is said one level deeper.
    const { message = "" } = (issue?.code === "invalid_key" ? issue.issues[0] : issue) ?? {};
    return { setting: path.join("."), given: valueAt(settings, path), allowed: message };
  }
  const [unknown = ""] = issue.keys;
  const path = [...issue.path, unknown];
  const names = namesAt(schema, issue.path, settings).map((name) => [...issue.path, name].join("."));
  return { setting: path.join("."), given: valueAt(settings, path), allowed: `only the settings ${names.join(", ")}` };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((group, name) => (group as Record<PropertyKey, unknown> | undefined)?.[name], value);
}

/** What zod tells of a schema (`schema.def`): of one with a default, of a union, of an array or a record, of an object. */
interface GroupDefinition {
  readonly innerType?: z.ZodType;
  readonly options?: readonly z.ZodObject[];
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

/** The settings of a group. @param value what was given for the schema, which tells the kind of a group that has several. */
function namesAt(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): string[] {
  const { def } = schema as { readonly def: GroupDefinition };
  if (def.innerType !== undefined) return namesAt(def.innerType, path, value);
  if (def.options !== undefined) {
    const { kind } = value as { readonly kind?: unknown };
    return def.options.flatMap((option) => (isOfKind(option, kind) ? namesAt(option, path, value) : []));
  }
  const [name, ...rest] = path;
  const shape = def.shape ?? {};
  if (name === undefined) return Object.keys(shape);
  return namesAt(def.element ?? def.valueType ?? (shape[String(name)] as z.ZodType), rest, valueAt(value, [name]));
}

function isOfKind({ shape }: z.ZodObject, kind: unknown): boolean {
  return (shape.kind as z.ZodType).safeParse(kind).success;
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isPlainObject(value)) return value;
  const stated = Object.entries(value).filter(([, setting]) => setting !== undefined);
  return Object.fromEntries(stated.map(([name, setting]) => [name, withoutUndefined(setting)]));
}

/** A schema or a function is not JSON, or too much of it. */
function shown(given: unknown): unknown {
  if (
    typeof given === "function" ||
    (typeof given === "object" && given !== null && !Array.isArray(given) && !isPlainObject(given))
  ) {
    return typeof given;
  }
  return given;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}
