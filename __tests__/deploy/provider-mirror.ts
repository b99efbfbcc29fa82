import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";

/** The AWS provider's folder within a mirror (Terraform: CLI configuration, provider installation). */
const AWS_PROVIDER = path.join("registry.terraform.io", "hashicorp", "aws");
/** How deep below a root mirrors are looked for. */
const DEPTH = 4;
/** Never mirrors, and large; `.terraform` belongs to a stack that may be gone tomorrow. */
const PASSED_OVER = new Set(["node_modules", ".terraform", ".git", "site-packages", "lib-dynload"]);

/** Where people and packages keep copies of providers, Terraform's own implied mirrors among them. */
export function mirrorRoots({ HOME, TERRAFORM_PROVIDER_MIRROR }: NodeJS.ProcessEnv): readonly string[] {
  if (TERRAFORM_PROVIDER_MIRROR) return [TERRAFORM_PROVIDER_MIRROR];
  return [
    ...(HOME === undefined
      ? []
      : [path.join(HOME, ".terraform.d", "plugins"), path.join(HOME, ".local", "share", "terraform", "plugins")]),
    ...["/usr/local/share/terraform", "/usr/share/terraform", "/opt", "/srv", "/var/lib", "/usr/local", "/usr/share"],
  ];
}

/**
 * The first mirror at or below the roots that holds a version of the AWS provider for this machine, unpacked or as a zip.
 *
 * @returns what `filesystem_mirror` takes as its `path`; undefined when there is none.
 */
export async function findMirror(roots: readonly string[], version: string): Promise<string | undefined> {
  for (const root of roots) {
    for (let folders = [root], depth = 0; folders.length > 0 && depth <= DEPTH; depth += 1) {
      const found = folders.find((folder) => holdsProvider(folder, version));
      if (found !== undefined) return path.resolve(found);
      folders = (await Promise.all(folders.map(foldersIn))).flat();
    }
  }
  return undefined;
}

function holdsProvider(mirror: string, version: string): boolean {
  const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
  const provider = path.join(mirror, AWS_PROVIDER);
  const forms = [path.join(version, platform), `terraform-provider-aws_${version}_${platform}.zip`];
  return forms.some((form) => existsSync(path.join(provider, form)));
}

async function foldersIn(folder: string): Promise<string[]> {
  // One that cannot be read holds no mirror for this user.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !PASSED_OVER.has(entry.name))
    .map(({ name }) => path.join(folder, name));
}
