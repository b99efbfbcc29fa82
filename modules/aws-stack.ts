import { ENVIRONMENT_TAG, type Tags, withTags } from "@autoscaling-job-queues/domain/tags";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { type TerraformElement, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { addBackend } from "./backend.ts";
import { emulatorSettings } from "./emulator.ts";

/** A stack with a state of its own, the AWS provider with the environment's tags, and addresses without hashes. */
export class AwsStack extends TerraformStack {
  readonly environment: Environment;

  /** @param tags of every resource, beyond those of the environment. */
  constructor(scope: Construct, name: string, environment: Environment, tags: Tags = {}) {
    super(scope, name);
    this.environment = environment;
    const { accountId, region, terraform } = environment;
    new AwsProvider(this, "aws", {
      region,
      allowedAccountIds: [accountId],
      defaultTags: [{ tags: { [ENVIRONMENT_TAG]: environment.name, ...withTags(environment.tags, tags) } }],
      ...(terraform.emulator === undefined ? {} : emulatorSettings(terraform.emulator)),
    });
    addBackend(this, environment);
    this.addOverride("terraform.required_version", terraform.requiredVersion);
    // The prebuilt provider asks for the short source and one exact version.
    this.addOverride("terraform.required_providers.aws", { source: "hashicorp/aws", version: terraform.providerVersion });
  }

  /** The path of the construct, so that an address in a plan can be read, and does not depend on a hash. */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const { scopes } = "node" in element ? element.node : element;
    return scopes
      .slice(scopes.indexOf(this) + 1)
      .map(({ node }) => node.id)
      .join("_");
  }
}
