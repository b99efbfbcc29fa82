import { cp, mkdir, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { checkHandler } from "./check-handler.ts";
import { NODE_BUNDLE } from "./esbuild-options.ts";
import { findAbove, type JobFolder, jobFolders } from "./job-folders.ts";

const RUNTIME = "dist/worker";
/** With maps, so that the stacks in a worker's log name the lines that people wrote. The lines themselves stay out. */
const WORKER_BUNDLE = { ...NODE_BUNDLE, sourcemap: true, sourcesContent: false } as const;
/** With the names of its classes and functions, which error codes, refused results and stacks show to who wrote the job. */
const JOB_BUNDLE = { ...WORKER_BUNDLE, keepNames: true } as const;

/**
 * Bundles the worker of each job type to `dist/workers/<type>/`: the program and its threads, the same for all, beside
 * the type's settings (`job-type.mjs`), its handler (`job.mjs`) or its programs (`bin/`).
 */
export async function buildWorkers(): Promise<void> {
  // First, so that a job type that is wrong leaves the last build as it was.
  const folders = await jobFolders();
  await Promise.all([RUNTIME, "dist/workers"].map((folder) => rm(folder, { recursive: true, force: true })));
  await build({
    ...WORKER_BUNDLE,
    entryPoints: {
      worker: "worker/main.ts",
      "lease-thread": "worker/leases/lease-thread.ts",
      "job-thread": "worker/runners/threads/job-thread.ts",
    },
    outdir: RUNTIME,
  });
  await Promise.all(folders.map(buildWorker));
}

async function buildWorker(folder: JobFolder): Promise<void> {
  const outdir = path.join("dist/workers", folder.jobType.name);
  await cp(RUNTIME, outdir, { recursive: true });
  if (folder.bin !== undefined) await cp(folder.bin, path.join(outdir, "bin"), { recursive: true });
  const { metafile } = await build({
    ...JOB_BUNDLE,
    metafile: true,
    entryPoints: {
      "job-type": path.join(folder.path, "job-type.ts"),
      ...(folder.handler === undefined ? {} : { job: folder.handler }),
    },
    external: [...folder.dependencies],
    outdir,
  });
  await Promise.all(folder.dependencies.map((name) => linkPackage(folder, name, outdir)));
  const handler = metafile.outputs[`${outdir}/job.mjs`];
  if (handler !== undefined) await checkHandler(folder, { file: path.join(outdir, "job.mjs"), exports: handler.exports });
}

/**
 * Lets a bundle find a package that stays outside of it where the sources find it: in the folder's own node_modules, or in those of a
 * folder above. What the checkout has for all needs no link.
 */
async function linkPackage({ path: folder }: JobFolder, name: string, outdir: string): Promise<void> {
  const place = path.join("node_modules", name);
  const above = await findAbove(folder, place);
  if (above === undefined || above === process.cwd()) return;
  const link = path.join(outdir, place);
  await mkdir(path.dirname(link), { recursive: true });
  await symlink(path.join(above, place), link, "dir");
}
