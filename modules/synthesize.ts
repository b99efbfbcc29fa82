import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { App } from "cdktf";
import type { Environment } from "../environments/environment.ts";
import { type Deployments, deployedJobTypes } from "./deployments.ts";
import { checkJobTypes } from "./job-type-limits.ts";
import { JobTypeStack } from "./job-type-stack.ts";
import { PACKAGES_FOLDER } from "./lambda.ts";
import { type LambdaPackages, packageLambdas } from "./lambda-package.ts";
import { PLATFORM_STACK } from "./platform-outputs.ts";
import { PlatformStack } from "./platform-stack.ts";
import type { ImageTags } from "./worker-image.ts";

export interface Synthesis {
  readonly environment: Environment;
  readonly jobTypes: readonly JobType[];
  /** What they reach. A type without one reaches nothing but its own work. */
  readonly deployments?: Deployments;
  /** The defaults of the stacks' variable `image_tag`. A type without one asks for its tag when it is planned. */
  readonly imageTags?: ImageTags;
  /** Bundles of the Lambdas, `<folder>/<lambda>/index.mjs`. */
  readonly handlersFolder: string;
  /** Replaced as a whole, or left as it was. */
  readonly outputFolder: string;
}

/**
 * Writes the Terraform of the platform and of each job type: `<outputFolder>/stacks/<stack>/cdk.tf.json`, with the packages of
 * the Lambdas beside the platform's.
 *
 * @throws SettingsError when two job types share a name, or one does not fit the environment.
 * @throws JobQueueError "MissingBuild" when a bundle is missing.
 */
export async function synthesize(synthesis: Synthesis): Promise<void> {
  const { environment, jobTypes, deployments = {}, imageTags = {}, handlersFolder, outputFolder } = synthesis;
  const deployed = await deployedJobTypes(environment, jobTypes, deployments);
  checkJobTypes(
    environment,
    deployed.map(({ jobType }) => jobType),
  );
  const packages = await packageLambdas(handlersFolder);
  const parent = path.dirname(path.resolve(outputFolder));
  await mkdir(parent, { recursive: true });
  const draft = await mkdtemp(path.join(parent, ".cdktf-draft-"));
  try {
    const app = new App({ outdir: draft, stackTraces: false });
    const platform = new PlatformStack(app, { environment, packages });
    for (const { jobType, deployment } of deployed) {
      const stack = new JobTypeStack(app, { environment, jobType, deployment, imageTag: imageTags[jobType.name] });
      // The CDKTF command then deploys the platform first, and destroys it last.
      stack.addDependency(platform);
    }
    app.synth();
    await writePackages(path.join(draft, "stacks", PLATFORM_STACK, PACKAGES_FOLDER), packages);
    await replace(outputFolder, draft);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function writePackages(folder: string, packages: LambdaPackages): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(Object.values(packages).map(({ fileName, zip }) => writeFile(path.join(folder, fileName), zip)));
}

/** Puts a finished draft in place. What `terraform init` left in a stack's folder stays with the stack. */
async function replace(outputFolder: string, draft: string): Promise<void> {
  const old = `${draft}-old`;
  if (existsSync(outputFolder)) {
    for (const stack of await readdir(path.join(draft, "stacks"))) {
      const before = path.join(outputFolder, "stacks", stack);
      const kept = existsSync(before) ? (await readdir(before)).filter((entry) => entry.startsWith(".terraform")) : [];
      await Promise.all(kept.map((entry) => rename(path.join(before, entry), path.join(draft, "stacks", stack, entry))));
    }
    await rename(outputFolder, old);
  }
  await rename(draft, outputFolder);
  await rm(old, { recursive: true, force: true });
}
