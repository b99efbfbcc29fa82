import { appendFile, readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";
import { type Deployment, FOLDERS } from "./deployment.ts";
import { runCaptured } from "./run-captured.ts";
import { terraformEnvironment } from "./terraform.ts";

const LAST_CHARACTERS = 4_000;

/**
 * Runs a command of CDKTF's for the emulated environment, as docs/deploy.md has it where providers come from a mirror only.
 *
 * @returns what it printed. A command that fails fails the test, with the end of that.
 */
export async function cdktf(deployment: Omit<Deployment, "outputs">, ...args: readonly string[]): Promise<string> {
  const { cliConfigurations, endpoint, logFolder, outputFolder, tools } = deployment;
  const environment = {
    ...terraformEnvironment(process.env, cliConfigurations.mirror),
    CDKTF_SKIP_PROVIDER_LOCK: "true",
    TERRAFORM_BINARY_NAME: tools.terraform,
    JOBS_ENVIRONMENT: "emulated",
    JOBS_FOLDERS: FOLDERS.join(path.delimiter),
    MOTO_ENDPOINT: endpoint,
  };
  const started = Date.now();
  const { code, stdout, stderr } = await runCaptured(
    "npm",
    ["run", "--silent", "cdktf", "--", ...args, "--output", outputFolder],
    {
      environment,
    },
  );
  const printed = `${stdout}${stderr}`;
  const seconds = Math.round((Date.now() - started) / 1_000);
  await appendFile(path.join(logFolder, "cdktf.log"), `\n== cdktf ${args.join(" ")} (${seconds} s)\n${printed}`);
  expect(code, printed.slice(-LAST_CHARACTERS)).toBe(0);
  return printed;
}

/** The app of `cdktf.json` is `npm run synth`, whose build would take the bundles from the tests beside this one: synth alone. */
export async function synthWithoutBuild(): Promise<string> {
  expect(JSON.parse(await readFile("cdktf.json", "utf8"))).toMatchObject({ app: "npm run --silent synth" });
  const { scripts } = JSON.parse(await readFile("package.json", "utf8")) as { readonly scripts: { readonly synth: string } };
  const build = "node scripts/build.ts && ";
  expect(scripts.synth.startsWith(build)).toBe(true);
  return scripts.synth.slice(build.length);
}

/**
 * What a plan that was printed would change, one line each, sorted: `created <address>`, `destroyed <address>` and so on. CDKTF puts the path of
 * the construct after the address, or after the beginning of one that is another's address: `queue (queue)-alarm will be created`.
 */
export function printedChanges(printed: string): readonly string[] {
  const changes = printed.matchAll(/# (\S+)(?: \(\S+\)(\S*))? (?:will|must) be (\w+)/g);
  return [...changes].map(([, address = "", rest = "", done = ""]) => `${done} ${address}${rest}`).sort();
}
