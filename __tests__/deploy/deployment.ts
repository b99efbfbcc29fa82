import path from "node:path";
import { findJobFolders } from "../../domain/find-job-folders.ts";
import emulatedEnvironment from "../../environments/emulated.ts";
import type { Environment } from "../../environments/environment.ts";
import { loadDeployments } from "../../modules/deployments.ts";
import { loadJobTypes } from "../../modules/load-job-types.ts";
import { synthesize } from "../../modules/synthesize.ts";
import { loadImageTags } from "../../modules/worker-image.ts";
import { Terraform, terraformEnvironment } from "./terraform.ts";
import type { Tools } from "./tools.ts";

/** The job types that are there from the start; each has another way to run its jobs. */
export const DEPLOYED_TYPES = ["canary", "word-count", "order-totals"] as const;

/** Where they are; the last, an example to copy, has things of its own to reach. */
export const FOLDERS = ["jobs", "examples/jobs"];

/** What the setup hands to the tests: as JSON. */
export interface Deployment {
  /** Address of the local AWS. */
  readonly endpoint: string;
  readonly tools: Tools;
  /** The Terraform of the emulated environment. */
  readonly outputFolder: string;
  /** CLI configurations: with the mirror that was found, if any, and with nothing but the registry. */
  readonly cliConfigurations: { readonly mirror: string; readonly registry: string };
  readonly logFolder: string;
  /** Terraform's outputs of the stacks that were applied, by stack and name. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

declare module "vitest" {
  interface ProvidedContext {
    deployment: Deployment;
  }
}

/** The emulated environment, at the address of the local AWS. */
export function deployedEnvironment({ endpoint }: Pick<Deployment, "endpoint">): Environment {
  return emulatedEnvironment({ MOTO_ENDPOINT: endpoint });
}

/** Writes the Terraform of the platform and of these job types, as `npm run synth` does of all in `jobs`. */
export async function writeStacks(
  environment: Environment,
  outputFolder: string,
  jobTypes: readonly string[] | "all",
): Promise<void> {
  const folders = await findJobFolders(jobTypes === "all" ? ["jobs"] : FOLDERS);
  const known = await loadJobTypes(folders, environment);
  const chosen = known.filter(({ name }) => jobTypes === "all" || jobTypes.includes(name));
  const deployments = await loadDeployments(folders, environment);
  const imageTags = await loadImageTags("dist/image-tags.json", environment, deployments);
  await synthesize({ environment, jobTypes: chosen, deployments, imageTags, handlersFolder: "dist/handlers", outputFolder });
}

export function stackFolder(outputFolder: string, stack: string): string {
  return path.join(outputFolder, "stacks", stack);
}

/** Terraform for one stack, with a log of its own. */
export function terraformOf({ tools, cliConfigurations, logFolder }: Omit<Deployment, "outputs">, stack: string): Terraform {
  return new Terraform({
    binary: tools.terraform,
    environment: terraformEnvironment(process.env, cliConfigurations.mirror),
    log: path.join(logFolder, `terraform-${stack}.log`),
  });
}
