import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface ProgramSettings {
  /** File descriptors that the process may have (`ulimit -n`). */
  readonly openFiles?: number;
  /** Variables beside those of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs code in a process of its own: the body of an asynchronous function with `load(path)`, which imports a module by its path
 * from `__tests__/support`.
 *
 * @returns what it returns, after JSON.
 */
export async function runProgram(code: string, { openFiles, env = {} }: ProgramSettings = {}): Promise<unknown> {
  const program = `
    const load = (path) => import(new URL(path, ${JSON.stringify(import.meta.url)}).href);
    const result = await (async () => {${code}})();
    console.log(JSON.stringify(result ?? null));
    process.exit();`;
  const limit = openFiles === undefined ? "" : `ulimit -n ${openFiles};`;
  const args = ["-c", `${limit} exec "$@"`, "sh", process.execPath, "--input-type=module", "-e", program];
  const { stdout } = await promisify(execFile)("sh", args, { env: { ...process.env, ...env } });
  return JSON.parse(stdout);
}

/** Code for {@link runProgram}: from here on, the process is a user's that may not remove what it may not write, as root may. */
export const AS_ORDINARY_USER = "if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }";
