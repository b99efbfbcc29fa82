import { lstat, mkdir, mkdtemp, readdir, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { commandFolderPrefix } from "@autoscaling-job-queues/domain/command-mark";
import { isOwnerGone, PROCESS_OWNER, processOwner } from "@autoscaling-job-queues/domain/process-owner";
import { removeFolder } from "./remove-folder.ts";

/** What one attempt of a command has on disk. Only the worker's user can look into it. */
export interface CommandFolder {
  readonly path: string;
  /** `JOB_FILES`: what is left in it becomes part of the result. */
  readonly files: string;
  /** `TMPDIR`. */
  readonly temporary: string;
}

const LEFTOVER = new RegExp(`^${commandFolderPrefix(`(${PROCESS_OWNER.source})`)}`);

/** A folder that the next worker removes, should this one not come to it. @throws the system's error. */
export async function makeScratchFolder(): Promise<string> {
  // Links are resolved, so that a link put in its place is noticed.
  return await realpath(await mkdtemp(path.join(tmpdir(), commandFolderPrefix(processOwner()))));
}

/** @throws the system's error: no command can begin. */
export async function makeCommandFolder(): Promise<CommandFolder> {
  const own = await makeScratchFolder();
  const folder = { path: own, files: path.join(own, "files"), temporary: path.join(own, "tmp") };
  await mkdir(folder.files);
  await mkdir(folder.temporary);
  return folder;
}

/** Removes what killed workers left behind: folders of their kind and of this user, whose worker is gone. */
export async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, owner] = LEFTOVER.exec(name) ?? [];
    if (owner === undefined || !isOwnerGone(owner)) continue;
    const leftover = path.join(tmpdir(), name);
    const isOwn = await lstat(leftover).then(
      ({ uid }) => uid === process.getuid?.(),
      () => false,
    );
    // Another worker that starts may be at it too; what is left, the next one finds.
    if (isOwn) await removeFolder(leftover).catch(() => {});
  }
}
