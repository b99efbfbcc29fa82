import { SettingsError } from "./errors.ts";

/** What canary jobs may do in an environment: everything, or all but what brings a worker down on purpose. */
export const CANARIES = ["safe", "full"] as const;
export type Canary = (typeof CANARIES)[number];

/** The variable of the containers that says it; the canary's workers read it. */
export const CANARY_VARIABLE = "JOBS_CANARY";

/**
 * The setting `canary` of the environment, from the container's variable. Terraform always gives it; without it, on a developer's
 * machine, nothing is left out.
 *
 * @throws SettingsError for any other value.
 */
export function readCanary(variables: NodeJS.ProcessEnv = process.env): Canary {
  const canary = variables[CANARY_VARIABLE] ?? "full";
  const found = CANARIES.find((known) => known === canary);
  if (found !== undefined) return found;
  throw new SettingsError(`environment variable ${CANARY_VARIABLE}`, canary, CANARIES.map((known) => `"${known}"`).join(" or "));
}
