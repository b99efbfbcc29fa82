import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** How a program ended, and what it printed. */
export interface ScriptRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of `scripts/` as npm does. @param variables beside those of this process */
export async function runScript(
  name: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<ScriptRun> {
  const program = [path.resolve("scripts", `${name}.ts`), ...args];
  return await promisify(execFile)(process.execPath, program, { env: { ...process.env, ...variables } }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }) as ScriptRun,
  );
}

/** Writes an environment of this name, and nothing special. @returns the folder of environments. */
export async function environmentFolder(folder: string, name: string): Promise<string> {
  const environments = path.join(folder, "environments");
  await mkdir(environments, { recursive: true });
  const define = path.resolve("environments", "define-environment.ts");
  const settings = {
    ...{ name, accountId: "111122223333", region: "us-east-1" },
    backend: { kind: "local", path: path.join(folder, "states") },
    network: { kind: "public", cidr: "10.20.0.0/16", zones: ["us-east-1a"] },
  };
  await writeFile(
    path.join(environments, `${name}.ts`),
    `import { defineEnvironment } from ${JSON.stringify(define)};\nexport default () => defineEnvironment(${JSON.stringify(settings)});\n`,
  );
  return environments;
}
