import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";

/** The command `jobs` as it ships, which has the console. */
const BUILT_CLI = "dist/cli/main.mjs";

export interface LocalConsole {
  /** What opens the page, with its token. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Starts the console of the platform on this machine, in a process of its own that ends with this one.
 *
 * @param api the platform's address.
 * @returns undefined where the command was not built, or could not start the console.
 */
export async function startLocalConsole(api: string, program = BUILT_CLI): Promise<LocalConsole | undefined> {
  if (!existsSync(program)) return undefined;
  const { PATH, HOME } = process.env;
  const args = [program, "console", "--api", api, "--json", "--until-stdin-ends"];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "ignore"], env: { PATH, HOME } });
  const ended = once(child, "exit");
  const first = once(createInterface({ input: child.stdout }), "line").then(
    ([line]) => JSON.parse(line as string) as LocalConsole,
  );
  const told = await Promise.race([first, ended.then(() => undefined)]);
  if (told === undefined) return undefined;
  return {
    address: told.address,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
