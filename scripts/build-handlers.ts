import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { LAMBDAS, ROUTES, TRACING_LAMBDAS } from "@autoscaling-job-queues/domain/routes";
import { DESCRIPTION_FILE } from "../handlers/openapi/describe-api.ts";
import { openApi } from "../handlers/openapi/description.ts";
import { buildTraces } from "./build-traces.ts";
import type { Made } from "./build-when-changed.ts";
import { bundle, madeOf } from "./bundle.ts";
import { NODE_BUNDLE } from "./esbuild-options.ts";

const FOLDER = "dist/handlers";

/**
 * Bundles each Lambda to `dist/handlers/<name>/index.mjs`; code that is loaded when first used stands beside it, and so does the
 * API's description, which is made here once.
 */
export async function buildHandlers(): Promise<Made> {
  await rm(FOLDER, { recursive: true, force: true });
  const bundles = await Promise.all(
    LAMBDAS.map((name) =>
      bundle({
        ...NODE_BUNDLE,
        entryPoints: { index: `handlers/${name}.ts` },
        outdir: path.join(FOLDER, name),
        splitting: true,
        chunkNames: "[name]-[hash]",
      }),
    ),
  );
  const traces = await buildTraces(TRACING_LAMBDAS.map((name) => path.join(FOLDER, name)));
  await writeFile(path.join(FOLDER, ROUTES.describeApi.lambda, DESCRIPTION_FILE), JSON.stringify(openApi()));
  return madeOf([...bundles, traces]);
}
