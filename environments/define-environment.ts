import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import type * as z from "zod";
import type { Environment, EnvironmentSettings } from "./environment.ts";
import { environmentSchema } from "./schema.ts";

/** A setting that is wrong. */
interface Wrong {
  readonly setting: string;
  readonly given: unknown;
  readonly allowed: string;
}

/**
 * Declares an environment.
 *
 * @throws SettingsError for the first setting that is wrong; it names the setting, what was given and what is allowed.
 */
export function defineEnvironment(settings: EnvironmentSettings): Environment {
  const stated = { namePrefix: `jobs-${settings.name}`, ...settings };
  const { data, error } = environmentSchema.safeParse(stated);
  const wrong = error === undefined ? contradiction(data) : wrongSetting(error, stated);
  if (wrong === undefined) return Object.freeze(data as Environment);
  throw new SettingsError(`environment ${JSON.stringify(settings.name)}: ${wrong.setting}`, wrong.given, wrong.allowed);
}

/** The first setting that does not exist, such as a misspelled one, or else the first that is out of range. */
function wrongSetting({ issues }: z.ZodError, settings: unknown): Wrong {
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  if (issue?.code !== "unrecognized_keys") {
    const path = issue?.path ?? [];
    return { setting: path.join("."), given: valueAt(settings, path), allowed: issue?.message ?? "" };
  }
  const [unknown = ""] = issue.keys;
  const path = [...issue.path, unknown];
  const names = namesAt(environmentSchema, issue.path, settings).map((name) => [...issue.path, name].join("."));
  return { setting: path.join("."), given: valueAt(settings, path), allowed: `only the settings ${names.join(", ")}` };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((group, name) => (group as Record<PropertyKey, unknown> | undefined)?.[name], value);
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
  return namesAt(shape[String(name)] as z.ZodType, rest, valueAt(value, [name]));
}

/** What zod tells of a schema (`schema.def`): of one with a default, of a union, of an object. */
interface GroupDefinition {
  readonly innerType?: z.ZodType;
  readonly options?: readonly z.ZodObject[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

function isOfKind({ shape }: z.ZodObject, kind: unknown): boolean {
  return (shape.kind as z.ZodType).safeParse(kind).success;
}

/** The first of the settings that do not go together, each right by itself. */
function contradiction({ region, network, fargate, throttling, lambda, terraform, protection }: Environment): Wrong | undefined {
  const zones = network.kind === "existing" ? [] : network.zones;
  const oldProvider = /^\s*(=|~>)?\s*[1-5]\./.test(terraform.providerVersion);
  const rules: readonly (Wrong & { readonly holds: boolean })[] = [
    {
      setting: "network.zones",
      given: zones,
      holds: zones.every((zone) => new RegExp(`^${region}[a-z]$`).test(zone)),
      allowed: `one to three different zones of ${region}, such as ${region}a`,
    },
    {
      setting: "fargate.weight and fargate.spotWeight",
      given: [fargate.weight, fargate.spotWeight],
      holds: fargate.weight + fargate.spotWeight > 0,
      allowed: "at least one above 0, or no task is ever placed",
    },
    {
      setting: "fargate.spotWeight",
      given: fargate.spotWeight,
      holds: fargate.placement === "capacity-providers" || fargate.spotWeight === 0,
      allowed: '0 where fargate.placement is "launch-type", which has no Spot',
    },
    {
      setting: "throttling.burst",
      given: throttling.burst,
      holds: throttling.burst >= Math.min(throttling.requestsPerSecond, 5_000),
      allowed: `at least throttling.requestsPerSecond, which is ${throttling.requestsPerSecond}`,
    },
    {
      setting: "lambda.runtime",
      given: lambda.runtime,
      holds: lambda.runtime !== "nodejs24.x" || !oldProvider,
      allowed: `nodejs22.x with provider ${terraform.providerVersion}, which does not know nodejs24.x`,
    },
    {
      setting: "protection.deletionProtection",
      given: protection.deletionProtection,
      holds: protection.deletionProtection || !protection.preventDestroy,
      allowed: "true where protection.preventDestroy is true",
    },
  ];
  return rules.find(({ holds }) => !holds);
}
