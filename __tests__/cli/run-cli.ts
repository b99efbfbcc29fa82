import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";

/** A job, a batch, or whatever else is written. */
export interface CliDocument {
  readonly id: string;
  readonly status: string;
  readonly [member: string]: unknown;
}

export interface CliRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  /** What was written, document by document: without a terminal, each has a line. */
  readonly documents: readonly CliDocument[];
}

export interface CliSettings {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export const CLI = path.resolve("cli/main.ts");

/** Surroundings of which no setting of whoever runs the tests is part. */
export function cliEnvironment(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, NODE_COMPILE_CACHE, TZ: "UTC", LC_ALL: "C.UTF-8", AWS_EC2_METADATA_DISABLED: "true", ...env };
}

/** Runs the command as a process, without a terminal. */
export async function runCli(args: readonly string[], { cwd = "/", input = "", env = {} }: CliSettings = {}): Promise<CliRun> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: cliEnvironment(env), stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return {
    stdout,
    stderr,
    code,
    get documents() {
      return stdout.trim() === ""
        ? []
        : stdout
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as CliDocument);
    },
  };
}
