import { writeFile } from "node:fs/promises";
import path from "node:path";
import { LAMBDAS } from "../../domain/routes.ts";
import emulatedEnvironment from "../../environments/emulated.ts";
import type { Environment } from "../../environments/environment.ts";
import { PLATFORM_STACK } from "../../modules/platform-outputs.ts";
import type { Deployment } from "./deployment.ts";
import type { Terraform } from "./terraform.ts";

/** A file of this ending is merged over the others (Terraform: override files). */
const OVERRIDE_FILE = "provider_version_override.tf.json";

/** How a stack's provider was installed. */
export interface InstalledProvider {
  readonly terraform: Terraform;
  /** The version that is used in place of what the stack asks for; undefined where it got what it asks for. */
  readonly instead: string | undefined;
}

/**
 * Installs the provider that a stack asks for: from the mirror, or from the registry. Where neither has it, the version that
 * the deployment runs with takes its place.
 */
export async function installProvider(
  folder: string,
  { mirror, registry }: Deployment["cliConfigurations"],
  terraformWith: (cliConfiguration: string) => Terraform,
): Promise<InstalledProvider> {
  for (const cliConfiguration of [mirror, registry]) {
    const terraform = terraformWith(cliConfiguration);
    if (await terraform.canInit(folder)) return { terraform, instead: undefined };
  }
  const version = emulatedEnvironment({}).terraform.providerVersion;
  await writeFile(
    path.join(folder, OVERRIDE_FILE),
    JSON.stringify({ terraform: { required_providers: { aws: { source: "hashicorp/aws", version } } } }),
  );
  const terraform = terraformWith(mirror);
  await terraform.init(folder, "-backend=false");
  return { terraform, instead: version };
}

/**
 * What version 5.100.0 says of a stack that asks for version 6: it is older than the Lambda runtime nodejs24.x, and than what S3
 * blocks by itself.
 *
 * @returns a pattern for each problem, in order of address.
 */
export function differencesOfOlderProvider(stack: string, { lambda }: Environment): readonly RegExp[] {
  if (stack !== PLATFORM_STACK || lambda.runtime === emulatedEnvironment({}).lambda.runtime) return [];
  const runtimes = LAMBDAS.map((name) => `aws_lambda_function.${name}_function`)
    .sort()
    .map((address) => new RegExp(`^${address.replaceAll(".", "[.]")}: expected runtime to be one of .*, got ${lambda.runtime}$`));
  const unknown = /^Extraneous JSON object property: No argument or block type is named "blocked_encryption_types"[.]/;
  return [unknown, ...runtimes];
}
