import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { jobsFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { TRACES_BUNDLE } from "@autoscaling-job-queues/domain/traces/load-tracer";
import { buildTraces } from "./build-traces.ts";
import type { Made } from "./build-when-changed.ts";
import { bundle, madeOf } from "./bundle.ts";
import { checkHandler } from "./check-handler.ts";
import { NODE_BUNDLE } from "./esbuild-options.ts";
import { findAbove, type JobFolder, jobFolders } from "./job-folders.ts";

/** With maps, so that the stacks in a worker's log name the lines that people wrote. The lines themselves stay out. */
const WORKER_BUNDLE = { ...NODE_BUNDLE, sourcemap: true, sourcesContent: false } as const;
/** With the names of its classes and functions, which error codes, refused results and stacks show to who wrote the job. */
const JOB_BUNDLE = { ...WORKER_BUNDLE, keepNames: true } as const;

/** The worker itself: its program and its threads. */
const RUNTIME = {
  worker: "worker/main.ts",
  "lease-thread": "worker/leases/lease-thread.ts",
  "job-thread": "worker/runners/threads/job-thread.ts",
} as const;

/**
 * Bundles the worker of each job type to `workers/<type>/` of a folder: the program and its threads, the same for all, beside
 * the type's settings (`job-type.mjs`), its handler (`job.mjs`) or its programs (`bin/`).
 *
 * @param roots of the job types; by default those that `JOBS_FOLDERS` names.
 * @param built folder of the program and its threads where they are built already. By default they are built to `worker/` of the folder.
 */
export async function buildWorkers(outputFolder = "dist", roots = jobsFolders(), built?: string): Promise<Made> {
  const [runtime, workers] = [built ?? path.join(outputFolder, "worker"), path.join(outputFolder, "workers")];
  // First, so that a job type that is wrong leaves the last build as it was.
  const folders = await jobFolders(roots);
  await rm(workers, { recursive: true, force: true });
  const programs = built === undefined ? [await buildRuntime(runtime)] : [];
  const made = await Promise.all(
    folders.map(async (folder) => {
      const { name } = folder.jobType;
      return [name, await buildWorker(folder, { runtime, outdir: path.join(workers, name) })] as const;
    }),
  );
  const inputs = made.map(([name, { inputs: read }]) => [name, withoutPackages(read)] as const);
  await writeFile(path.join(outputFolder, "worker-inputs.json"), `${JSON.stringify(Object.fromEntries(inputs), undefined, 2)}\n`);
  return madeOf([...programs, ...made.map(([, worker]) => worker)]);
}

/** Bundles what the workers of all types have in common. */
async function buildRuntime(outdir: string): Promise<Made> {
  await rm(outdir, { recursive: true, force: true });
  const programs = await bundle({ ...WORKER_BUNDLE, entryPoints: RUNTIME, outdir });
  return madeOf([programs, await buildTraces([outdir])]);
}

export interface WorkerBuild {
  /** Folder that has the worker itself, built: others there are not looked at. */
  readonly runtime: string;
  readonly outdir: string;
  /** Whether the job is built for a debugger: with the names that people wrote, and their lines in the maps. @default false */
  readonly isDebugged?: boolean;
  /** Whether esbuild's errors are printed. @default true */
  readonly print?: boolean;
}

/** Files that are not of packages. */
export function withoutPackages(inputs: readonly string[]): readonly string[] {
  return inputs.filter((file) => !file.split(/[\\/]/).includes("node_modules"));
}

/** Bundles the worker of one job type. */
export async function buildWorker(
  folder: JobFolder,
  { runtime, outdir, isDebugged = false, print = true }: WorkerBuild,
): Promise<Made> {
  await mkdir(outdir, { recursive: true });
  const files = [...Object.keys(RUNTIME).flatMap((name) => [`${name}.mjs`, `${name}.mjs.map`]), TRACES_BUNDLE];
  await Promise.all(files.map((file) => cp(path.join(runtime, file), path.join(outdir, file))));
  if (folder.bin !== undefined) await cp(folder.bin, path.join(outdir, "bin"), { recursive: true });
  const { metafile, inputs, warned } = await bundle({
    ...JOB_BUNDLE,
    ...(print ? {} : { logLevel: "silent" }),
    ...(isDebugged ? { minify: false, sourcesContent: true } : {}),
    entryPoints: {
      "job-type": path.join(folder.path, "job-type.ts"),
      ...(folder.handler === undefined ? {} : { job: folder.handler }),
    },
    external: [...folder.dependencies],
    outdir,
  });
  await Promise.all(folder.dependencies.map((name) => linkPackage(folder, name, outdir)));
  const handler = Object.entries(metafile.outputs).find(([file]) => path.basename(file) === "job.mjs")?.[1];
  const checked =
    handler === undefined || (await checkHandler(folder, { file: path.join(outdir, "job.mjs"), exports: handler.exports }));
  return { inputs, warned: warned || !checked };
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
