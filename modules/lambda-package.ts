import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { LAMBDAS, type LambdaName } from "@autoscaling-job-queues/domain/routes";
import { zipSync } from "fflate";

/** A Lambda's code, ready to be uploaded. */
export interface LambdaPackage {
  /** Names the content, so that a plan shows a change exactly when the code has changed. */
  readonly fileName: string;
  readonly zip: Uint8Array;
  /** Base64 SHA-256, as `source_code_hash` has it. */
  readonly hash: string;
}

export type LambdaPackages = Readonly<Record<LambdaName, LambdaPackage>>;

/** The first time that a zip can hold. Made of local parts, because that is what a zip stores: the same in every time zone. */
const FIXED_TIME = new Date(1980, 0, 1);
/** "Unix", whose files are readable by all: Lambda runs as a user of its own. */
const UNIX = 3;
const READABLE_FILE = 0o100644 << 16;

/**
 * Zips the bundles: the same code gives the same bytes, wherever and whenever it was built.
 *
 * @param folder of the bundles: `<folder>/<lambda>/index.mjs`.
 * @throws JobQueueError "MissingBuild" when a bundle is missing.
 */
export async function packageLambdas(folder: string): Promise<LambdaPackages> {
  const packages = await Promise.all(LAMBDAS.map(async (name) => [name, await packageLambda(folder, name)] as const));
  return Object.fromEntries(packages) as LambdaPackages;
}

async function packageLambda(folder: string, name: LambdaName): Promise<LambdaPackage> {
  const bundle = path.join(folder, name);
  if (!existsSync(path.join(bundle, "index.mjs"))) {
    throw new JobQueueError("MissingBuild", `${path.join(bundle, "index.mjs")} is missing; run npm run build`);
  }
  const files = (await readdir(bundle)).sort();
  const contents = await Promise.all(files.map(async (file) => [file, new Uint8Array(await readFile(path.join(bundle, file)))]));
  const zip = zipSync(Object.fromEntries(contents), { level: 9, mtime: FIXED_TIME, os: UNIX, attrs: READABLE_FILE });
  const digest = createHash("sha256").update(zip).digest();
  return { fileName: `${name}-${digest.toString("hex").slice(0, 16)}.zip`, zip, hash: digest.toString("base64") };
}
