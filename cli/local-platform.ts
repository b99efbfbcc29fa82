import { readFileSync, statSync } from "node:fs";
import path from "node:path";

/** What `npm start` writes about the platform that it runs on this machine, as far as `jobs` looks at it. */
export interface LocalPlatform {
  readonly api: string;
  /** Folder of the logs of workers and Lambdas. */
  readonly logs?: string;
  readonly pid?: number;
}

const ROOT = 0;
const FILE = path.join(".local", "endpoints.json");

/** The hosts of an API on this machine. */
export const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The platform that runs on this machine from the checkout that this folder is in.
 *
 * @param user whose platform it must be, or root's: in a folder such as `/tmp`, others may leave a file that leads to them. Undefined where the
 * system knows no such users.
 */
export function localPlatform(folder = process.cwd(), user = process.getuid?.()): LocalPlatform | undefined {
  const found = readPlatform(path.join(folder, FILE), user);
  if (found !== undefined) return found;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : localPlatform(parent, user);
}

function readPlatform(file: string, user: number | undefined): LocalPlatform | undefined {
  try {
    if (user !== undefined && ![user, ROOT].includes(statSync(file).uid)) return undefined;
    const platform = JSON.parse(readFileSync(file, "utf8")) as LocalPlatform;
    return LOOPBACK.has(new URL(platform.api).hostname) && isRunning(platform.pid) ? platform : undefined;
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
