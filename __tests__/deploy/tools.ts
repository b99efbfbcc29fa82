import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { findMirror, mirrorRoots } from "./provider-mirror.ts";
import { runCaptured } from "./run-captured.ts";
import { terraformEnvironment } from "./terraform.ts";

/** What the deployment test needs of the machine. */
export interface Tools {
  readonly terraform: string;
  /** A Python that has moto's server. */
  readonly python: string;
  /** Of the AWS provider; undefined where it comes from the registry. */
  readonly mirror: string | undefined;
}

export interface ToolSearch {
  /** One sentence for each thing that is missing: what to install, or which variable names it. */
  readonly missing: readonly string[];
  /** Undefined unless everything is there. */
  readonly tools: Tools | undefined;
}

/** S3 backends have `use_lockfile` from 1.11 on as a feature that stays. */
const OLDEST_TERRAFORM = [1, 11] as const;
const MOTO_VERSION = "5.2.1";
const VERSION_MS = 30_000;

/**
 * Looks for Terraform, moto and the AWS provider.
 *
 * @param variables `TERRAFORM_BINARY`, `MOTO_PYTHON` and `TERRAFORM_PROVIDER_MIRROR` name a tool; nothing else is tried then.
 * @param providerVersion such as "5.100.0".
 * @param reachesRegistry whether Terraform can install that version without a mirror.
 */
export async function findTools(
  variables: NodeJS.ProcessEnv,
  providerVersion: string,
  reachesRegistry: (terraform: string) => Promise<boolean>,
): Promise<ToolSearch> {
  const [terraform, pythons, mirror] = await Promise.all([
    findTerraform(variables),
    findPythons(variables),
    findMirror(mirrorRoots(variables), providerVersion),
  ]);
  const python = await firstWithMoto(pythons, variables);
  const fromRegistry = mirror === undefined && terraform !== undefined && (await reachesRegistry(terraform));
  const missing = [
    ...(terraform === undefined ? [MISSING.terraform] : []),
    ...(pythons.length === 0 ? [MISSING.python] : []),
    ...(python === undefined ? [MISSING.moto] : []),
    ...(mirror === undefined && !fromRegistry ? [missingProvider(providerVersion)] : []),
  ];
  const complete = missing.length === 0 && terraform !== undefined && python !== undefined;
  return { missing, tools: complete ? { terraform, python, mirror } : undefined };
}

const MISSING = {
  terraform: `Terraform ${OLDEST_TERRAFORM.join(".")} or newer is missing: install it so that terraform is in the PATH, or name its file in TERRAFORM_BINARY.`,
  python: "Python 3 is missing: install it so that python3 is in the PATH, or name its file in MOTO_PYTHON.",
  moto: `moto_server is missing: run python3 -m pip install "moto[server]==${MOTO_VERSION}", or name a Python that has it in MOTO_PYTHON.`,
} as const;

function missingProvider(version: string): string {
  return `The AWS provider ${version} is missing: let this machine reach registry.terraform.io, or name a folder that holds registry.terraform.io/hashicorp/aws/${version} in TERRAFORM_PROVIDER_MIRROR.`;
}

async function findTerraform(variables: NodeJS.ProcessEnv): Promise<string | undefined> {
  const candidates = variables.TERRAFORM_BINARY ? [variables.TERRAFORM_BINARY] : inPath("terraform", variables);
  for (const candidate of candidates) {
    const environment = terraformEnvironment(variables);
    const { code, stdout } = await runCaptured(candidate, ["version", "-json"], { environment, timeoutMs: VERSION_MS });
    if (code === 0 && isRecent(stdout)) return candidate;
  }
  return undefined;
}

function isRecent(versionJson: string): boolean {
  const { terraform_version = "" } = JSON.parse(versionJson) as { readonly terraform_version?: string };
  const [major = 0, minor = 0] = terraform_version.split(".").map(Number);
  return major > OLDEST_TERRAFORM[0] || (major === OLDEST_TERRAFORM[0] && minor >= OLDEST_TERRAFORM[1]);
}

/** Pythons in the PATH, then those of pyenv: a shim in the PATH runs only the version that is chosen at the moment. */
async function findPythons(variables: NodeJS.ProcessEnv): Promise<readonly string[]> {
  if (variables.MOTO_PYTHON) return [variables.MOTO_PYTHON].filter((python) => existsSync(python));
  const pyenv = variables.PYENV_ROOT ?? path.join(variables.HOME ?? "", ".pyenv");
  const versions = await readdir(path.join(pyenv, "versions")).catch(() => []);
  return [
    ...inPath("python3", variables),
    ...inPath("python", variables),
    ...versions.map((version) => path.join(pyenv, "versions", version, "bin", "python")).filter((python) => existsSync(python)),
  ];
}

async function firstWithMoto(pythons: readonly string[], environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const python of pythons) {
    const { code } = await runCaptured(python, ["-c", "import moto.server"], { environment, timeoutMs: VERSION_MS });
    if (code === 0) return python;
  }
  return undefined;
}

function inPath(program: string, { PATH = "" }: NodeJS.ProcessEnv): string[] {
  const folders = PATH.split(path.delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => path.join(folder, program)).filter((file) => existsSync(file));
}
