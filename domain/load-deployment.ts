import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { DeploymentTarget, DescribeDeployment } from "./deployment.ts";
import { type Deployment, deploymentIn, NO_DEPLOYMENT } from "./deployment-settings.ts";
import { JobQueueError } from "./errors.ts";

/**
 * Loads what a job type reaches in an environment: `deployment.ts` of its folder, which it need not have.
 *
 * @throws SettingsError for the first setting that is wrong; JobQueueError "InvalidDeployment" when the file cannot be read so.
 */
export async function loadDeployment(folder: string, target: DeploymentTarget): Promise<Deployment> {
  const file = path.join(folder, "deployment.ts");
  if (!existsSync(file)) return NO_DEPLOYMENT;
  const { default: describe } = (await load(file)) as { readonly default?: DescribeDeployment };
  if (typeof describe !== "function") {
    throw new JobQueueError("InvalidDeployment", `${file} exports no function by default; export the result of defineDeployment`);
  }
  return deploymentIn(file, describe, target);
}

async function load(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path.resolve(file)).href);
  } catch (error) {
    throw new JobQueueError("InvalidDeployment", `${file} cannot be loaded: ${(error as Error).message}`, { cause: error });
  }
}
