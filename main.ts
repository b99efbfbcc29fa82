import { findJobFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { loadEnvironment } from "./environments/load.ts";
import { loadDeployments } from "./modules/deployments.ts";
import { deployedFolders, loadJobTypes } from "./modules/load-job-types.ts";
import { loadImageTags } from "./modules/worker-image.ts";

/**
 * The CDKTF app: the platform's stack and one stack per job type, for the environment that `JOBS_ENVIRONMENT` names (default
 * `dev`). Writes `cdktf.out`, or the folder that the CDKTF command asks for.
 */
async function main(): Promise<void> {
  const environment = await loadEnvironment();
  const found = deployedFolders(await findJobFolders(), environment);
  const deployments = await loadDeployments(found, environment);
  const folders = found.filter(({ name }) => deployments[name]?.deployed);
  const jobTypes = await loadJobTypes(folders, environment);
  const imageTags = await loadImageTags("dist/image-tags.json", environment, deployments);
  // CDKTF takes a second to load: what is wrong until here is told before that.
  const { synthesize } = await import("./modules/synthesize.ts");
  const outputFolder = process.env.CDKTF_OUTDIR ?? "cdktf.out";
  await synthesize({ environment, jobTypes, deployments, imageTags, handlersFolder: "dist/handlers", outputFolder });
  console.log(`${environment.name}: ${outputFolder}/stacks holds platform, ${jobTypes.map(({ name }) => name).join(", ")}`);
}

main().catch((error) => {
  console.error(`synth failed: ${(error instanceof Error ? error.message : String(error)).split("\n")[0]}`);
  process.exitCode = 1;
});
