import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { TRACES_BUNDLE } from "@autoscaling-job-queues/domain/traces/load-tracer";
import type { Made } from "./build-when-changed.ts";
import { bundle } from "./bundle.ts";
import { NODE_BUNDLE } from "./esbuild-options.ts";

/**
 * Bundles OpenTelemetry's SDK beside the bundles of what makes spans: a file of its own, the same in each of these folders, which is not
 * read unless a variable names an exporter.
 */
export async function buildTraces([first = "", ...others]: readonly string[]): Promise<Made> {
  const [entry = ""] = TRACES_BUNDLE.split(".");
  const entryPoints = { [entry]: "@autoscaling-job-queues/domain/traces/start-tracer" };
  const made = await bundle({ ...NODE_BUNDLE, entryPoints, outdir: first });
  for (const folder of others) {
    await mkdir(folder, { recursive: true });
    await copyFile(path.join(first, TRACES_BUNDLE), path.join(folder, TRACES_BUNDLE));
  }
  return made;
}
