import { rm } from "node:fs/promises";
import { LAMBDAS } from "@autoscaling-job-queues/domain/routes";
import { build } from "esbuild";
import { NODE_BUNDLE } from "./esbuild-options.ts";

/** Bundles each Lambda to `dist/handlers/<name>/index.mjs`; code that is loaded when first used stands beside it. */
export async function buildHandlers(): Promise<void> {
  await rm("dist/handlers", { recursive: true, force: true });
  await Promise.all(
    LAMBDAS.map((name) =>
      build({
        ...NODE_BUNDLE,
        entryPoints: { index: `handlers/${name}.ts` },
        outdir: `dist/handlers/${name}`,
        splitting: true,
        chunkNames: "[name]-[hash]",
      }),
    ),
  );
}
