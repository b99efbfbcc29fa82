import { beforeAll, describe, expect, it } from "vitest";
import { TRACING_LAMBDAS } from "../../domain/routes.ts";
import { buildEnvironment, buildJobType, policies, resources, synthesized, type Terraform } from "./synthesized.ts";

const SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:otlp-headers-AbCdEf";
const ENDPOINT = "https://otlp.example.com";
const network = {
  kind: "private-with-endpoints",
  cidr: "10.20.0.0/16",
  zones: ["us-east-1a"],
  services: ["secretsmanager"],
} as const;
const VARIABLES = {
  OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT,
  OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
  OTEL_TRACES_SAMPLER_ARG: "0.1",
  OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
};

/** Variables of the Lambdas, by name. */
function lambdaVariables(platform: Terraform): Record<string, Record<string, string>> {
  const functions = Object.entries(platform.resource.aws_lambda_function ?? {});
  return Object.fromEntries(functions.map(([id, { environment }]) => [id.replace("_function", ""), environment.variables]));
}

function container({ jobType }: { jobType: Terraform }) {
  const [definition] = resources(jobType, "aws_ecs_task_definition");
  const [worker] = JSON.parse(definition?.container_definitions);
  const variables = Object.fromEntries(worker.environment.map(({ name, value }: Record<string, string>) => [name, value]));
  return { variables, secrets: worker.secrets };
}

const readers = (terraform: Terraform) =>
  policies(terraform)
    .filter(({ statements }) => statements.some(({ Sid }) => Sid === "ReadSecrets"))
    .map(({ address, statements }) => ({ address, on: statements.find(({ Sid }) => Sid === "ReadSecrets")?.Resource }));

describe("an environment that says where spans are sent", () => {
  let traced: Awaited<ReturnType<typeof synthesized>>;
  beforeAll(async () => {
    const traces = { endpoint: ENDPOINT, sampleRatio: 0.1, headersSecretArn: SECRET };
    traced = await synthesized(
      buildEnvironment({ network: { ...network, zones: [...network.zones], services: [...network.services] }, traces }),
    );
  });

  it("tells the Lambdas that make spans, and no others; the headers stay in their secret", () => {
    const variables = lambdaVariables(traced.platform);
    for (const [name, given] of Object.entries(variables)) {
      if (TRACING_LAMBDAS.includes(name as "add-job"))
        expect(given, name).toMatchObject({ ...VARIABLES, JOBS_TRACE_HEADERS_SECRET_ARN: SECRET });
      else
        expect(
          Object.keys(given).filter((key) => /OTEL|TRACE/.test(key)),
          name,
        ).toEqual([]);
    }
    expect(readers(traced.platform)).toEqual(
      [...TRACING_LAMBDAS].sort().map((name) => ({ address: expect.stringContaining(name), on: [SECRET] })),
    );
  });

  it("tells the workers, whose headers ECS reads", () => {
    const { variables, secrets } = container(traced);
    expect(variables).toMatchObject(VARIABLES);
    expect(secrets).toEqual([{ name: "OTEL_EXPORTER_OTLP_HEADERS", valueFrom: SECRET }]);
    expect(readers(traced.jobType)).toEqual([{ address: expect.stringContaining("execution"), on: [SECRET] }]);
  });

  it("has a job type say otherwise", async () => {
    const traces = { endpoint: ENDPOINT, headersSecretArn: SECRET };
    const environment = buildEnvironment({
      network: { ...network, zones: [...network.zones], services: [...network.services] },
      traces,
    });
    const own = { variables: { OTEL_TRACES_EXPORTER: "none", OTEL_EXPORTER_OTLP_HEADERS: "x-own=1" } };
    const { variables, secrets } = container(await synthesized(environment, [buildJobType()], { report: own }));
    expect(variables).toMatchObject({ OTEL_TRACES_EXPORTER: "none", OTEL_EXPORTER_OTLP_HEADERS: "x-own=1" });
    expect(secrets).toBeUndefined();
  });

  const HERE = { endpoint: ENDPOINT, headersSecretArn: SECRET };
  it.each([
    ["traces.endpoint", { endpoint: "http://collector.example" }],
    ["traces.endpoint", { endpoint: "https://collector.example/?key=secret" }],
    ["traces.sampleRatio", { endpoint: ENDPOINT, sampleRatio: 1.5 }],
    ["traces.headersSecretArn", { ...HERE, headersSecretArn: "otlp-headers" }],
    ["traces.headersSecretArn", { ...HERE, headersSecretArn: SECRET.replace("111122223333", "999988887777") }],
    ["traces.headersSecretArn is .*name secretsmanager in network.services", HERE],
  ])("is told of a wrong setting: %s", (says, traces) => {
    expect(() => buildEnvironment({ traces })).toThrow(new RegExp(says));
  });
});

it("tells nobody where the environment does not say", async () => {
  const { platform, jobType } = await synthesized();
  expect(JSON.stringify([platform, jobType])).not.toMatch(/OTEL_|TRACE_HEADERS/);
});
