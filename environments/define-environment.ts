import { parseSettings, type SettingRule } from "@autoscaling-job-queues/domain/parse-settings";
import type { Environment, EnvironmentSettings } from "./environment.ts";
import { providerKnows } from "./provider-versions.ts";
import { environmentSchema } from "./schema.ts";

/**
 * Declares an environment.
 *
 * @throws SettingsError for the first setting that is wrong; it names the setting, what was given and what is allowed.
 */
export function defineEnvironment(settings: EnvironmentSettings): Environment {
  const owner = `environment ${JSON.stringify(settings.name)}`;
  const stated = { namePrefix: `jobs-${settings.name}`, ...settings };
  return Object.freeze(parseSettings(owner, environmentSchema, stated, rules) as Environment);
}

/** Settings that must go together, each right by itself. */
function rules({ region, network, fargate, throttling, lambda, terraform, protection }: Environment): readonly SettingRule[] {
  const zones = network.kind === "existing" ? [] : network.zones;
  const oldProvider = !providerKnows(terraform.providerVersion, "nodejs24.x");
  return [
    {
      setting: "network.zones",
      given: zones,
      holds: zones.every((zone) => new RegExp(`^${region}[a-h]$`).test(zone)),
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
}
