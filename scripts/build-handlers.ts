import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { LAMBDAS, ROUTES, TRACING_LAMBDAS } from "@autoscaling-job-queues/domain/routes";
import { build } from "esbuild";
import { DESCRIPTION_FILE } from "../handlers/openapi/describe-api.ts";
import { openApi } from "../handlers/openapi/description.ts";
import { buildTraces } from "./build-traces.ts";
import { NODE_BUNDLE } from "./esbuild-options.ts";

const FOLDER = "dist/handlers";

/**
 * Bundles each Lambda to `dist/handlers/<name>/index.mjs`; code that is loaded when first used stands beside it, and so does the
 * API's description, which is made here once.
 */
export async function buildHandlers(): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await Promise.all(
    LAMBDAS.map((name) =>
      build({
        ...NODE_BUNDLE,
        entryPoints: { index: `handlers/${name}.ts` },
        outdir: path.join(FOLDER, name),
        splitting: true,
        chunkNames: "[name]-[hash]",
      }),
    ),
  );
  await Promise.all(TRACING_LAMBDAS.map((name) => buildTraces(path.join(FOLDER, name))));
  await writeFile(path.join(FOLDER, ROUTES.describeApi.lambda, DESCRIPTION_FILE), JSON.stringify(openApi()));
}
