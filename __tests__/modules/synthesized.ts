import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type DeploymentSettings, deploymentIn } from "@autoscaling-job-queues/domain/deployment-settings";
import { defineJobType, type JobTypeSettings } from "@autoscaling-job-queues/domain/job-type";
import { LAMBDAS } from "@autoscaling-job-queues/domain/routes";
import * as z from "zod";
import { defineEnvironment } from "../../environments/define-environment.ts";
import type { Environment, EnvironmentSettings } from "../../environments/environment.ts";
import { synthesize } from "../../modules/synthesize.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** One `cdk.tf.json`, by type and logical ID. */
export interface Terraform {
  readonly terraform: { readonly backend: Record<string, Record<string, unknown>> } & Record<string, unknown>;
  readonly provider: { readonly aws: readonly Record<string, unknown>[] };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly output?: Readonly<Record<string, { readonly description?: string; readonly value: unknown }>>;
  readonly variable?: Readonly<Record<string, { readonly description?: string }>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
}

// biome-ignore lint/suspicious/noExplicitAny: a resource's attributes are as many shapes as the provider has resources
export type Resource = Readonly<Record<string, any>>;

export const buildEnvironment = (settings: Partial<EnvironmentSettings> = {}): Environment =>
  defineEnvironment({
    name: "test",
    accountId: "111122223333",
    region: "us-east-1",
    backend: { kind: "local", path: "states" },
    network: { kind: "private-with-endpoints", cidr: "10.20.0.0/16", zones: ["us-east-1a", "us-east-1b"] },
    ...settings,
  });

export const buildJobType = (settings: Partial<JobTypeSettings> = {}) =>
  defineJobType({
    name: "report",
    description: "Renders a monthly report",
    input: z.object({ month: z.string() }),
    timeoutSeconds: 60,
    ...settings,
  });

/** A folder with a bundle of each Lambda, of a few bytes. */
export async function buildBundles(): Promise<string> {
  const folder = await temporaryFolder("bundles");
  for (const name of LAMBDAS) {
    await mkdir(path.join(folder, name));
    await writeFile(path.join(folder, name, "index.mjs"), `export const handler = "${name}";\n`);
  }
  return folder;
}

/** What a job type reaches in the test's environment. */
export const buildDeployment = (settings: DeploymentSettings) =>
  deploymentIn("jobs/report/deployment.ts", () => settings, {
    environment: "test",
    accountId: "111122223333",
    region: "us-east-1",
  });

/** Synthesizes into a new folder. @param deployments by job type. @returns the Terraform of each stack, and where it is. */
export async function synthesized(
  environment = buildEnvironment(),
  jobTypes = [buildJobType()],
  deployments: Readonly<Record<string, DeploymentSettings>> = {},
) {
  const outputFolder = path.join(await temporaryFolder("synth"), "cdktf.out");
  const built = Object.entries(deployments).map(([type, settings]) => [type, buildDeployment(settings)]);
  await synthesize({
    environment,
    jobTypes,
    deployments: Object.fromEntries(built),
    handlersFolder: await buildBundles(),
    outputFolder,
  });
  const stack = async (name: string) => await readStack(outputFolder, name);
  return { outputFolder, platform: await stack("platform"), jobType: await stack(jobTypes[0]?.name ?? "") };
}

export async function readStack(outputFolder: string, name: string): Promise<Terraform> {
  const file = path.join(outputFolder, "stacks", name, "cdk.tf.json");
  if (!existsSync(file)) throw new Error(`${file} was not written`);
  return JSON.parse(await readFile(file, "utf8")) as Terraform;
}

/** All resources of a type. */
export const resources = (terraform: Terraform, type: string): Resource[] => Object.values(terraform.resource[type] ?? {});

/** The only resource of a type. */
export function only(terraform: Terraform, type: string): Resource {
  const [found, ...others] = resources(terraform, type);
  if (found === undefined || others.length > 0) throw new Error(`${others.length + (found ? 1 : 0)} resources of ${type}`);
  return found;
}

/** A reference as Terraform writes it. */
export const ref = (address: string): string => `$\{${address}}`;

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Record<string, string>;
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}

export interface Policy {
  /** Its address in the plan. */
  readonly address: string;
  readonly version: string;
  readonly statements: readonly Statement[];
}

const POLICY_ATTRIBUTES = ["policy", "assume_role_policy"];

/** Every IAM document of a stack: of identities, of resources, and of trust. */
export function policies(terraform: Terraform): Policy[] {
  return Object.entries(terraform.resource).flatMap(([type, byId]) =>
    Object.entries(byId).flatMap(([id, resource]) =>
      POLICY_ATTRIBUTES.flatMap((attribute) => {
        const text: unknown = resource[attribute];
        const parsed = typeof text === "string" && text.startsWith("{") ? JSON.parse(text) : {};
        return parsed.Statement === undefined
          ? []
          : [{ address: `${type}.${id}.${attribute}`, version: parsed.Version, statements: parsed.Statement }];
      }),
    ),
  );
}
