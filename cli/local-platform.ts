import { readFileSync } from "node:fs";
import path from "node:path";

/** What `npm start` writes about the platform that it runs on this machine, as far as `jobs` looks at it. */
export interface LocalPlatform {
  readonly api: string;
  /** Folder of the logs of workers and Lambdas. */
  readonly logs?: string;
  readonly pid?: number;
}

const FILE = path.join(".local", "endpoints.json");

/** The platform that runs on this machine from the checkout that this folder is in. */
export function localPlatform(folder = process.cwd()): LocalPlatform | undefined {
  const found = readPlatform(path.join(folder, FILE));
  if (found !== undefined) return found;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : localPlatform(parent);
}

function readPlatform(file: string): LocalPlatform | undefined {
  try {
    const platform = JSON.parse(readFileSync(file, "utf8")) as LocalPlatform;
    return typeof platform.api === "string" && isRunning(platform.pid) ? platform : undefined;
  } catch {
    return undefined;
  }
}

/** A platform that was killed leaves its file behind. */
function isRunning(pid: number | undefined): boolean {
  if (pid === undefined) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, and runs.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
