import { existsSync } from "node:fs";
import { cp, symlink } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { NODE_BUNDLE } from "../../../scripts/esbuild-options.ts";
import { CHAOS } from "./chaos-job-type.ts";

/** The worker as it ships, without a job type. */
const RUNTIME = "dist/worker";

const here = path.dirname(fileURLToPath(import.meta.url));

/** The modules of a bundle, and what each exports by default: source text. */
const MODULES = {
  "job-type": (kind: string, leaseSeconds: number) =>
    `import { chaosJobTypes } from "./chaos-job-type.ts"; export default chaosJobTypes(${leaseSeconds}).${kind};`,
  job: (kind: string, leaseSeconds: number) =>
    `import { chaosJobs } from "./chaos-job.ts"; export default chaosJobs(${leaseSeconds}).${kind};`,
} as const;

/**
 * Makes worker bundles of the chaos types as `npm run build` does, in `<folder>/<type>/`: the shipped program and threads
 * beside the type's settings and handler.
 */
export async function buildChaosBundles(folder: string, leaseSeconds: number): Promise<void> {
  if (!existsSync(RUNTIME)) throw new Error(`${RUNTIME} is missing; run npm run build`);
  await symlink(path.resolve("node_modules"), path.join(folder, "node_modules"), "dir");
  await Promise.all(
    Object.entries(CHAOS).map(async ([kind, type]) => {
      const outdir = path.join(folder, type);
      await cp(RUNTIME, outdir, { recursive: true });
      await Promise.all(
        Object.entries(MODULES).map(([name, contents]) =>
          build({
            ...NODE_BUNDLE,
            stdin: { contents: contents(kind, leaseSeconds), resolveDir: here, loader: "ts" },
            outfile: path.join(outdir, `${name}.mjs`),
          }),
        ),
      );
    }),
  );
}
