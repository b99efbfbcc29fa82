import { readFileSync } from "node:fs";

/**
 * The variable that names the folder of a command's files. Each attempt has a folder of its own, so its value marks the command's
 * processes: they have it from their parents, whatever group or session they are in.
 */
export const COMMAND_MARK = "JOB_FILES";

/** How the names of the folders begin that a worker makes for its commands. @param owner the worker, as `processOwner` names it. */
export function commandFolderPrefix(owner: string): string {
  return `job-${owner}-`;
}

/**
 * The mark that a process was started with; undefined where it has none, or may not be read.
 *
 * @param variable that has the mark.
 */
export function markOf(pid: number, variable: string = COMMAND_MARK): string | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return environment.find((entry) => entry.startsWith(`${variable}=`))?.slice(variable.length + 1);
  } catch {
    return undefined;
  }
}
