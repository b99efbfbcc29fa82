import { readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import { checkRules } from "@autoscaling-job-queues/domain/parse-settings";
import type { Environment } from "./environment.ts";
import { neighbourRules } from "./neighbours.ts";

/** Files of this folder that are not environments. */
const OTHERS = [
  "define-environment",
  "environment",
  "load",
  "neighbours",
  "provider-versions",
  "regions",
  "schema",
  "trace-settings",
];

/** What the file of an environment exports by default: made only when it is asked for, and so checked only then. */
export type EnvironmentFile = (variables: NodeJS.ProcessEnv) => Environment;

/**
 * What `JOBS_ENVIRONMENT` can be: the environments of a folder, a file each.
 *
 * @param folder as {@link environmentsFolder} finds it.
 * @throws SettingsError when there is no such folder.
 */
export function environmentNames(folder: string = environmentsFolder({})): readonly string[] {
  const others = folder === environmentsFolder({}) ? OTHERS : [];
  return filesOf(folder)
    .filter((file) => /^[^.]+\.ts$/.test(file))
    .map((file) => file.slice(0, -".ts".length))
    .filter((name) => !others.includes(name))
    .sort();
}

/** The folder of environments: `ENVIRONMENTS_FOLDER`, which starts at the checkout where it is relative. @default this one */
export function environmentsFolder({ ENVIRONMENTS_FOLDER = "" }: NodeJS.ProcessEnv): string {
  return ENVIRONMENTS_FOLDER === "" ? import.meta.dirname : path.resolve(ENVIRONMENTS_FOLDER);
}

/**
 * Loads the environment that `JOBS_ENVIRONMENT` names. @default "dev"
 *
 * @throws SettingsError when no environment has that name, its file exports none or one of another name, one of its settings is wrong,
 * or it would meet another environment of the folder ({@link neighbourRules}).
 */
export async function loadEnvironment(variables: NodeJS.ProcessEnv = process.env): Promise<Environment> {
  const folder = environmentsFolder(variables);
  const name = variables.JOBS_ENVIRONMENT ?? "dev";
  const names = environmentNames(folder);
  if (!names.includes(name)) throw new SettingsError("environment variable JOBS_ENVIRONMENT", name, names.join(", "));
  const environment = await loadFile(folder, name, variables);
  const others = names.filter((other) => other !== name);
  for (const other of await loadable(folder, others, variables)) {
    checkRules(`environment ${JSON.stringify(name)}`, neighbourRules(environment, other));
  }
  return environment;
}

/** Those that cannot be loaded here are checked where they can be. */
async function loadable(folder: string, names: readonly string[], variables: NodeJS.ProcessEnv): Promise<readonly Environment[]> {
  const loaded = await Promise.allSettled(names.map((name) => loadFile(folder, name, variables)));
  return loaded.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

async function loadFile(folder: string, name: string, variables: NodeJS.ProcessEnv): Promise<Environment> {
  const file = path.join(folder, `${name}.ts`);
  const { default: describe } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { readonly default?: unknown };
  if (typeof describe !== "function") {
    const allowed = "a function that returns what defineEnvironment made";
    throw new SettingsError(`${file}: the default export`, typeof describe, allowed);
  }
  const environment = (describe as EnvironmentFile)(variables);
  // Two environments of one name would share their states.
  if (environment.name !== name) throw new SettingsError(`${file}: name`, environment.name, `${name}, as the file is named`);
  return environment;
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    throw new SettingsError("environment variable ENVIRONMENTS_FOLDER", folder, "a folder with a file for each environment");
  }
}
