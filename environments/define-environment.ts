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
function rules(environment: Environment): readonly SettingRule[] {
  const { region, network, traces, fargate, throttling, lambda, terraform, protection } = environment;
  const zones = network.kind === "existing" ? [] : network.zones;
  return [
    ...placeRules(environment),
    {
      setting: "network.zones",
      given: zones,
      holds: zones.every((zone) => new RegExp(`^${region}[a-h]$`).test(zone)),
      allowed: `one to three different zones of ${region}, such as ${region}a`,
    },
    {
      setting: "traces.headersSecretArn",
      given: traces?.headersSecretArn,
      holds:
        traces?.headersSecretArn === undefined ||
        network.kind !== "private-with-endpoints" ||
        network.services.includes("secretsmanager"),
      allowed: "a secret that tasks reach: name secretsmanager in network.services",
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
      setting: "terraform.providerVersion",
      given: terraform.providerVersion,
      holds: providerKnows(terraform.providerVersion, "nodejs22.x"),
      allowed: "versions from 5.78 on, which all know a runtime of the Lambdas",
    },
    {
      setting: "lambda.runtime",
      given: lambda.runtime,
      holds: providerKnows(terraform.providerVersion, lambda.runtime),
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

/** What an ARN names must be where the platform is: services look for keys, certificates and topics nowhere else. */
function placeRules({
  region,
  accountId,
  encryptionKeyArn,
  api,
  alarms,
  events,
  traces,
  roles,
}: Environment): readonly SettingRule[] {
  const here = (arn: string | undefined, account: string): boolean =>
    arn === undefined || arn.split(":").slice(3, 5).join() === [region, account].join();
  const inAccount = `one of account ${accountId} in ${region}`;
  return [
    { setting: "encryptionKeyArn", given: encryptionKeyArn, holds: here(encryptionKeyArn, accountId), allowed: inAccount },
    {
      setting: "api.domain.certificateArn",
      given: api.domain?.certificateArn,
      holds: here(api.domain?.certificateArn, accountId),
      allowed: inAccount,
    },
    {
      setting: "traces.headersSecretArn",
      given: traces?.headersSecretArn,
      holds: here(traces?.headersSecretArn, accountId),
      allowed: inAccount,
    },
    {
      setting: "roles.permissionsBoundaryArn",
      given: roles.permissionsBoundaryArn,
      holds: [accountId, "aws", undefined].includes(roles.permissionsBoundaryArn?.split(":")[4]),
      allowed: `a policy of account ${accountId}, or one of AWS's own`,
    },
    {
      setting: "alarms.topicArns",
      given: alarms.topicArns,
      holds: alarms.topicArns.every((arn) => here(arn, arn.split(":")[4] ?? "")),
      allowed: `topics in ${region}, where the alarms are`,
    },
    {
      setting: "events.subscriberAccounts",
      given: events.subscriberAccounts,
      holds: !events.subscriberAccounts.includes(accountId),
      allowed: `accounts other than ${accountId}, whose own IAM policies decide`,
    },
  ];
}
