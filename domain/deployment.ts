import type { DeploymentSettings } from "./deployment-settings.ts";

/** Where a job type is deployed to. On one machine the environment is `local`, the account `000000000000`. */
export interface DeploymentTarget {
  /** The environment's name, such as `prod`. */
  readonly environment: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Such as `us-east-1`. */
  readonly region: string;
}

/** What `deployment.ts` exports by default. */
export type DescribeDeployment = (target: DeploymentTarget) => DeploymentSettings;

/**
 * Declares what a job type reaches in each environment; it is the default export of `jobs/<type>/deployment.ts`. Terraform and
 * the local platform read it, workers never do. The settings are checked where they are read.
 *
 * @example
 * ```ts
 * export default defineDeployment(({ environment, accountId, region }) => ({
 *   access: [{ actions: ["s3:GetObject"], resources: [`arn:aws:s3:::acme-${environment}-orders/*`] }],
 *   secrets: { DB_PASSWORD: `arn:aws:ssm:${region}:${accountId}:parameter/${environment}/db-password` },
 *   variables: { DB_HOST: `db.${environment}.example.com` },
 *   network: { egress: [{ port: 5432, to: "10.0.0.0/16", description: "the database" }] },
 * }));
 * ```
 */
export function defineDeployment(describe: DescribeDeployment): DescribeDeployment {
  return describe;
}
