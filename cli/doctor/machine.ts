import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Check, Finding } from "./finding.ts";

/** The first Node 22 whose JSON keeps the digits of numbers, and whose `require` loads modules. */
const LEAST_NODE = [22, 12] as const;
/** The first Terraform with locks in S3 itself (its changelog, 1.11). */
const LEAST_TERRAFORM = [1, 11] as const;

export const machineChecks: readonly Check[] = [
  { name: "Node", look: async () => [nodeFinding(process.versions.node)] },
  { name: "Terraform", look: async () => [await terraformFinding()] },
];

export function nodeFinding(version: string): Finding {
  if (isAtLeast(version, LEAST_NODE)) return { check: "Node", status: "ok", message: `version ${version}` };
  return {
    check: "Node",
    status: "wrong",
    message: `version ${version} is too old`,
    fix: `install Node ${LEAST_NODE.join(".")} or newer`,
  };
}

/** Terraform is for those who deploy: nobody else needs it. */
async function terraformFinding(): Promise<Finding> {
  const check = "Terraform";
  const fix = `to deploy, install Terraform ${LEAST_TERRAFORM.join(".")} or newer`;
  let output: string;
  try {
    ({ stdout: output } = await promisify(execFile)("terraform", ["version", "-json"]));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { check, status: "warning", message: "not installed; only who deploys needs it", fix };
    return { check, status: "unknown", message: `terraform version failed: ${message.split("\n")[0]}`, fix };
  }
  const version = String((JSON.parse(output) as { terraform_version?: unknown }).terraform_version);
  if (isAtLeast(version, LEAST_TERRAFORM)) return { check, status: "ok", message: `version ${version}` };
  return { check, status: "warning", message: `version ${version} is too old`, fix };
}

export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
