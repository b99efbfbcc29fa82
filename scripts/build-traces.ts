import { TRACES_BUNDLE } from "@autoscaling-job-queues/domain/traces/load-tracer";
import { build } from "esbuild";
import { NODE_BUNDLE } from "./esbuild-options.ts";

/**
 * Bundles OpenTelemetry's SDK beside the bundle of what makes spans: a file of its own, which is not read unless a variable names an
 * exporter.
 */
export async function buildTraces(folder: string): Promise<void> {
  const [entry = ""] = TRACES_BUNDLE.split(".");
  await build({ ...NODE_BUNDLE, entryPoints: { [entry]: "@autoscaling-job-queues/domain/traces/start-tracer" }, outdir: folder });
}
