import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import type { Environment } from "../modules/environment.ts";
import { devEnvironment } from "./dev.ts";
import { emulatedEnvironment } from "./emulated.ts";
import { prodEnvironment } from "./prod.ts";

/** The environments, by the name that `JOBS_ENVIRONMENT` chooses. Each is checked only when it is loaded. */
const ENVIRONMENTS: ReadonlyMap<string, (variables: NodeJS.ProcessEnv) => Environment> = new Map([
  ["dev", devEnvironment],
  ["prod", prodEnvironment],
  ["emulated", emulatedEnvironment],
]);

/** What `JOBS_ENVIRONMENT` can be. */
export const ENVIRONMENT_NAMES: readonly string[] = [...ENVIRONMENTS.keys()];

/**
 * Loads the environment that `JOBS_ENVIRONMENT` names. @default "dev"
 *
 * @throws SettingsError when no environment has that name, or one of its settings is wrong.
 */
export function loadEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const name = variables.JOBS_ENVIRONMENT ?? "dev";
  const environment = ENVIRONMENTS.get(name);
  if (environment === undefined) {
    throw new SettingsError("environment variable JOBS_ENVIRONMENT", name, ENVIRONMENT_NAMES.join(", "));
  }
  return environment(variables);
}
