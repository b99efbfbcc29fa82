import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { findJobFolders } from "@autoscaling-job-queues/domain/find-job-folders";

/** The checkout's own job types: npm installs them whatever `JOBS_FOLDERS` names, so their names are taken. */
const OWN_FOLDERS = ["jobs", "examples/jobs"];

export interface NewJobFolder {
  readonly folder: string;
  /** Contents by their names in the folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders of the job types that there are. */
  readonly roots: readonly string[];
}

/**
 * Writes the folder of a job type.
 *
 * @throws JobQueueError "JobTypeExists" where another has the name, or something else is in its place.
 */
export async function writeJobFolder({ folder, files, roots }: NewJobFolder): Promise<void> {
  const taken = (
    await Promise.all([...roots, ...OWN_FOLDERS].filter(existsSync).map((folder) => findJobFolders([folder])))
  ).flat();
  const other = taken.find((found) => found.name === path.basename(folder))?.path ?? (existsSync(folder) ? folder : undefined);
  if (other !== undefined) {
    throw new JobQueueError("JobTypeExists", `${other} is there already; choose another name, or change that job type`);
  }
  for (const [file, content] of Object.entries(files)) {
    const full = path.join(folder, file);
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, content, { mode: file.startsWith("bin/") ? 0o755 : 0o644 });
  }
}
