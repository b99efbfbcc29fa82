import { execFileSync } from "node:child_process";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { LAMBDAS, type LambdaName } from "@autoscaling-job-queues/domain/routes";
import { TRACES_BUNDLE } from "@autoscaling-job-queues/domain/traces/load-tracer";
import { build } from "esbuild";
import { lambdaEnvironment } from "../local/aws/deployed-environment.ts";
import { NODE_BUNDLE } from "../scripts/esbuild-options.ts";
import { median } from "./median.ts";
import { sdkOnlySources } from "./sdk-only-bundles.ts";

export interface BundleFigures {
  readonly name: LambdaName;
  readonly bytes: number;
  readonly sdkOnlyBytes: number;
  readonly loadMs: number;
  readonly sdkOnlyLoadMs: number;
  /** Of OpenTelemetry's SDK, which no cold start reads unless the environment names an exporter; 0 where there is none. */
  readonly tracesBytes: number;
}

/** Loads of each bundle, alternating with the baseline's: their medians are compared. */
const LOADS = 21;
const BASELINES = "dist/bench/sdk-only";

/** Names that the Lambdas read when they are loaded; nothing is called. */
const LAMBDA_ENVIRONMENT = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "bench",
  ...lambdaEnvironment({
    jobsTableName: "jobs",
    jobTypesTableName: "job-types",
    eventsTopicArn: "arn:aws:sns:us-east-1:000000000000:job-events",
    resultsBucket: "job-results",
  }),
};

/** Measures each Lambda's bundle beside one of nothing but the SDK clients and commands that it uses. */
export async function measureBundles(): Promise<BundleFigures[]> {
  await rm(BASELINES, { recursive: true, force: true });
  const figures: BundleFigures[] = [];
  for (const name of LAMBDAS) {
    const baseline = path.join(BASELINES, name);
    const sources = path.join(BASELINES, `${name}-source`);
    await mkdir(sources, { recursive: true });
    await Promise.all(Object.entries(sdkOnlySources(name)).map(([file, source]) => writeFile(path.join(sources, file), source)));
    await build({
      ...NODE_BUNDLE,
      entryPoints: { index: path.join(sources, "index.ts") },
      outdir: baseline,
      splitting: true,
      chunkNames: "[name]-[hash]",
    });
    const bundle = path.join("dist/handlers", name);
    const loads = Array.from({ length: LOADS }, () => ({ ours: loadMs(bundle), sdkOnly: loadMs(baseline) }));
    figures.push({
      name,
      bytes: await folderBytes(bundle, (file) => file !== TRACES_BUNDLE),
      sdkOnlyBytes: await folderBytes(baseline),
      tracesBytes: await folderBytes(bundle, (file) => file === TRACES_BUNDLE),
      loadMs: median(loads.map(({ ours }) => ours)),
      sdkOnlyLoadMs: median(loads.map(({ sdkOnly }) => sdkOnly)),
    });
  }
  return figures;
}

async function folderBytes(folder: string, counts = (_: string): boolean => true): Promise<number> {
  const files = (await readdir(folder)).filter(counts);
  const sizes = await Promise.all(files.map(async (file) => (await stat(path.join(folder, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Milliseconds that a fresh process takes to import the bundle. */
function loadMs(folder: string): number {
  const url = pathToFileURL(path.resolve(folder, "index.mjs")).href;
  const program = `const start = performance.now(); await import(${JSON.stringify(url)}); console.log(performance.now() - start); process.exit(0);`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    env: LAMBDA_ENVIRONMENT,
    encoding: "utf8",
  });
  return Number(output.trim().split("\n").at(-1));
}
