import { spawnSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { TRACING_LAMBDAS } from "../../../domain/routes.ts";
import { exportsSpans } from "../../../domain/traces/load-tracer.ts";
import { lambdaEnvironment } from "../../../local/aws/deployed-environment.ts";

const RESOURCES = {
  jobsTableName: "jobs",
  jobTypesTableName: "job-types",
  eventsTopicArn: "arn:aws:sns:us-east-1:000000000000:job-events",
  resultsBucket: "job-results",
};
const EXPORTER = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" };

/** Loads a bundle in a process of its own. @returns the files that it has read by then, and what it said. */
function load(bundle: string, variables: Readonly<Record<string, string>>) {
  const url = pathToFileURL(path.resolve(bundle)).href;
  const program = `import { registerHooks } from "node:module";
    const files = [];
    registerHooks({ load: (url, context, next) => { files.push(url); return next(url, context); } });
    await import(${JSON.stringify(url)});
    console.log(JSON.stringify(files));
    process.exit(0);`;
  const environment = { AWS_REGION: "us-east-1", PATH: process.env.PATH, ...lambdaEnvironment(RESOURCES), ...variables };
  const options = { env: environment, encoding: "utf8" } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], options);
  const files = JSON.parse(stdout) as string[];
  return { files: files.map((file) => path.basename(file)), said: stderr.trim().split("\n") };
}

describe("OpenTelemetry's SDK", () => {
  it.each(TRACING_LAMBDAS)("is a file that %s reads where an exporter is named, and not otherwise", (name) => {
    const bundle = `dist/handlers/${name}/index.mjs`;
    expect(load(bundle, {}).files).not.toContain("traces.mjs");
    expect(load(bundle, { ...EXPORTER, OTEL_TRACES_EXPORTER: "none" }).files).not.toContain("traces.mjs");
    expect(load(bundle, { ...EXPORTER, OTEL_SDK_DISABLED: "true" }).files).not.toContain("traces.mjs");
    expect(load(bundle, EXPORTER).files).toContain("traces.mjs");
  });

  it("is of no use where its variables are wrong, which the log says, and the Lambda serves on", () => {
    const { said } = load("dist/handlers/add-job/index.mjs", { ...EXPORTER, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" });
    expect(said.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: "WARN",
        message: "traces",
        problem: expect.stringMatching(/^no spans are recorded: .*OTEL_EXPORTER_OTLP_PROTOCOL/),
      },
    ]);
  });

  it("is asked for by a variable that names an exporter, and by no other", () => {
    expect(exportsSpans({})).toBe(false);
    expect(exportsSpans({ OTEL_SERVICE_NAME: "jobs", OTEL_TRACES_SAMPLER: "always_on" })).toBe(false);
    expect(exportsSpans({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://collector/v1/traces" })).toBe(true);
    expect(exportsSpans({ OTEL_TRACES_EXPORTER: "console" })).toBe(true);
  });
});
