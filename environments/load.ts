import { readdirSync } from "node:fs";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import type { Environment } from "./environment.ts";

/** Files of this folder that are not environments. */
const OTHERS = ["define-environment", "environment", "load", "provider-versions", "regions", "schema"];

/** What `JOBS_ENVIRONMENT` can be: the environments of this folder, a file each. */
export const ENVIRONMENT_NAMES: readonly string[] = readdirSync(new URL(".", import.meta.url))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length))
  .filter((name) => !OTHERS.includes(name))
  .sort();

/** What the file of an environment exports by default: made only when it is asked for, and so checked only then. */
export type EnvironmentFile = (variables: NodeJS.ProcessEnv) => Environment;

/**
 * Loads the environment that `JOBS_ENVIRONMENT` names. @default "dev"
 *
 * @throws SettingsError when no environment has that name, or one of its settings is wrong.
 */
export async function loadEnvironment(variables: NodeJS.ProcessEnv = process.env): Promise<Environment> {
  const name = variables.JOBS_ENVIRONMENT ?? "dev";
  if (!ENVIRONMENT_NAMES.includes(name)) {
    throw new SettingsError("environment variable JOBS_ENVIRONMENT", name, ENVIRONMENT_NAMES.join(", "));
  }
  const { default: environment } = (await import(/* @vite-ignore */ `./${name}.ts`)) as { readonly default: EnvironmentFile };
  return environment(variables);
}
