import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Environment, EnvironmentSettings } from "../../environments/environment.ts";
import { loadEnvironment } from "../../environments/load.ts";
import { PLATFORM_STACK } from "../../modules/platform-outputs.ts";
import { type Deployment, deployedEnvironment, stackFolder, terraformOf, writeStacks } from "./deployment.ts";

/** The type that is deployed there. */
export const SECOND_TYPE = "word-count";
const NAME = "west";
const REGION = "us-west-2";

/** An environment beside the emulated one, in the same account and another region, as the runbook of a lost region makes it. */
export interface SecondRegion {
  readonly environment: Environment;
  readonly deployment: Deployment;
  /** What commands need to know: `JOBS_ENVIRONMENT` and its like. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Writes its file, and applies its platform and one type. @param folder that is empty. */
export async function applySecondRegion(first: Deployment, folder: string): Promise<SecondRegion> {
  const { accountId, canary, lambda, fargate, terraform, backend } = deployedEnvironment(first);
  const settings = {
    ...{ name: NAME, accountId, region: REGION, backend, canary, lambda, fargate, terraform },
    network: { kind: "public", cidr: "10.60.0.0/16", zones: [`${REGION}a`] },
  } as EnvironmentSettings;
  const environments = path.join(folder, "environments");
  await mkdir(environments);
  const define = pathToFileURL(path.resolve("environments", "define-environment.ts")).href;
  const text = `import { defineEnvironment } from ${JSON.stringify(define)};\nexport default () => defineEnvironment(${JSON.stringify(settings)});\n`;
  await writeFile(path.join(environments, `${NAME}.ts`), text);
  const variables = { JOBS_ENVIRONMENT: NAME, ENVIRONMENTS_FOLDER: environments };
  const environment = await loadEnvironment(variables);

  const deployment = { ...first, outputFolder: path.join(folder, "cdktf.out") };
  await writeStacks(environment, deployment.outputFolder, [SECOND_TYPE]);
  const outputs: Record<string, Readonly<Record<string, unknown>>> = {};
  for (const stack of [PLATFORM_STACK, SECOND_TYPE]) {
    const where = stackFolder(deployment.outputFolder, stack);
    const terraformHere = terraformOf(deployment, `west-${stack}`);
    await terraformHere.init(where);
    await terraformHere.apply(where);
    outputs[stack] = await terraformHere.outputs(where);
  }
  return { environment, deployment: { ...deployment, outputs }, variables };
}
