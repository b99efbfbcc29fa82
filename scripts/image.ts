import { execFileSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { callSettings } from "@autoscaling-job-queues/domain/clients";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import { findJobFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { loadDeployment } from "@autoscaling-job-queues/domain/load-deployment";
import { ECSClient } from "@aws-sdk/client-ecs";
import { loadEnvironment } from "../environments/load.ts";
import { imagePlatform, imageRepositoryUrl } from "../modules/worker-image.ts";
import { IMAGE_USAGE, type ImageDefaults, type ImageSettings, imageSettings } from "./image-arguments.ts";
import { buildImage, imageBuilder, isPushed } from "./image-builder.ts";
import { writeImageContext } from "./image-context.ts";
import { bundleOf, DOCKERFILE, imageTagger, packageRoots } from "./image-sources.ts";
import { filesOf } from "./image-tag.ts";
import { installedPlatform } from "./installed-platform.ts";
import { type JobFolder, jobFolders } from "./job-folders.ts";
import { runProgram } from "./run-program.ts";
import { endWaitForImage } from "./waiting-service.ts";

/** `npm run image -- <type>`: the container image of a job type. The image's name is the only line on standard output. */

const report = (line: string): void => console.error(line);

async function main(settings: ImageSettings): Promise<void> {
  const folders = await jobFolders();
  const job = folders.find(({ jobType }) => jobType.name === settings.type);
  if (job === undefined) {
    throw new SettingsError("the job type", settings.type, folders.map(({ jobType }) => jobType.name).join(", "));
  }
  const builder = await imageBuilder();
  const folder = await mkdtemp(path.join(tmpdir(), `image-${settings.type}-`));
  try {
    await writeImageContext(folder, {
      checkout: job.project,
      bundle: bundleOf(job),
      dockerfile: DOCKERFILE,
      roots: await packageRoots(job),
      platform: settings.packagePlatform,
      installed: installedPlatform(),
    });
    const tag = (await imageTagger(job))(settings.platform, settings.base);
    const reference = `${settings.push ?? `autoscaling-job-queues/${settings.type}`}:${tag}`;
    const build = { reference, folder, platform: settings.platform, variables: variablesOf(settings, job) };
    // The tag is the content, and ECR's immutable tags refuse a second push.
    if (settings.push !== undefined && (await isPushed(builder, reference))) {
      report(`${reference} is in the repository already`);
    } else {
      await buildImage(builder, build);
      if (settings.push !== undefined) await runProgram(builder.program, ["push", reference]);
      const megabytes = ((await bytesOf(folder)) / 1_000_000).toFixed(1);
      const done = settings.push === undefined ? "built" : "built and pushed";
      report(`${done} ${reference} for ${settings.platform} by ${builder.program}: ${megabytes} MB on top of its base`);
    }
    if (settings.push !== undefined) await tellEcs(settings.type, settings.push, reference);
    console.log(reference);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Tasks of the environment wait for images in its own repository only. */
async function tellEcs(jobType: string, repository: string, reference: string): Promise<void> {
  const environment = await loadEnvironment();
  if (repository !== imageRepositoryUrl(environment, jobType)) return;
  const ecs = new ECSClient({ ...callSettings(), region: environment.region });
  const done = await endWaitForImage(ecs, environment, { jobType, reference });
  if (done !== undefined) report(done);
  ecs.destroy();
}

async function environmentDefaults(): Promise<ImageDefaults> {
  const environment = await loadEnvironment();
  const { name, accountId, region } = environment;
  return {
    platform: imagePlatform(environment),
    repositoryOf: (type) => imageRepositoryUrl(environment, type),
    baseOf: async (type) => {
      const folder = (await findJobFolders()).find((found) => found.name === type);
      const target = { environment: name, accountId, region };
      return folder && (await loadDeployment(folder.path, target)).container.baseImage;
    },
  };
}

async function bytesOf(folder: string): Promise<number> {
  const sizes = (await filesOf(folder)).map(async (file) => (await stat(path.join(folder, file))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function variablesOf({ type, base }: ImageSettings, { path: folder }: JobFolder): Readonly<Record<string, string>> {
  return { JOB_TYPE: type, REVISION: revision(folder), ...(base === undefined ? {} : { NODE_IMAGE: base }) };
}

/** The commit that the job type's folder is at, marked when files differ from it; empty outside of a git checkout. */
function revision(folder: string): string {
  try {
    return execFileSync("git", ["describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}

try {
  const settings = await imageSettings(process.argv.slice(2), environmentDefaults);
  if (settings === undefined) console.log(IMAGE_USAGE);
  else await main(settings);
} catch (error) {
  report(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
