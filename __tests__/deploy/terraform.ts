import { appendFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Captured, runCaptured } from "./run-captured.ts";

export interface TerraformSettings {
  /** The program. */
  readonly binary: string;
  /** As {@link terraformEnvironment} gives it. */
  readonly environment: NodeJS.ProcessEnv;
  /** File that everything Terraform prints is appended to. */
  readonly log: string;
}

/** One message of `terraform validate -json`. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  /** Of the resource; absent where Terraform itself could not read what it says. */
  readonly address?: string;
}

type Attributes = Readonly<Record<string, unknown>>;

/** What of Terraform's state is read: JSON of version 4. */
interface State {
  readonly resources: readonly {
    readonly mode: "managed" | "data";
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Attributes }[];
  }[];
}

const PLAN_FILE = "deployment-test.plan";
/** Commands whose output is long, and not for people. */
const SILENT: ReadonlySet<string> = new Set(["show", "validate", "state pull"]);
const LAST_CHARACTERS = 4_000;

/** Terraform as a pipeline runs it. A command that fails throws an Error with the end of what it printed. */
export class Terraform {
  readonly #settings: TerraformSettings;

  constructor(settings: TerraformSettings) {
    this.#settings = settings;
  }

  async init(folder: string, ...options: string[]): Promise<void> {
    await this.#done(folder, "init", "-input=false", ...options);
  }

  /** Whether a folder can be initialized: with `-backend=false`, whether its providers can be installed. */
  async canInit(folder: string): Promise<boolean> {
    return (await this.#run(folder, "init", "-input=false", "-backend=false")).code === 0;
  }

  async apply(folder: string): Promise<void> {
    await this.#done(folder, "apply", "-input=false", "-auto-approve");
  }

  /** Applies what the last {@link plan} of the folder says, without another look at what there is. */
  async applyPlan(folder: string): Promise<void> {
    await this.#done(folder, "apply", "-input=false", PLAN_FILE);
  }

  async destroy(folder: string): Promise<void> {
    await this.#done(folder, "destroy", "-input=false", "-auto-approve");
  }

  /** @returns the plan as JSON. */
  async plan(folder: string): Promise<unknown> {
    await this.#done(folder, "plan", "-input=false", `-out=${PLAN_FILE}`);
    return await this.shown(folder, PLAN_FILE);
  }

  /** @returns a plan that was written to a file of the folder, as JSON. */
  async shown(folder: string, file: string): Promise<unknown> {
    return JSON.parse(await this.#done(folder, "show", "-json", file));
  }

  /** @returns the outputs, by name. */
  async outputs(folder: string): Promise<Readonly<Record<string, unknown>>> {
    const outputs = JSON.parse(await this.#done(folder, "output", "-json")) as Record<string, { readonly value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** @returns addresses of the managed resources in a folder's state. */
  async resources(folder: string): Promise<readonly string[]> {
    const addresses = (await this.#done(folder, "state", "list")).split("\n");
    return addresses.filter((address) => address !== "" && !address.startsWith("data."));
  }

  /** @returns the managed resources in a folder's state, with their attributes. */
  async attributes(folder: string): Promise<readonly { readonly address: string; readonly attributes: Attributes }[]> {
    const { resources } = JSON.parse(await this.#done(folder, "state", "pull")) as State;
    return resources
      .filter(({ mode }) => mode === "managed")
      .flatMap(({ type, name, instances }) => instances.map(({ attributes }) => ({ address: `${type}.${name}`, attributes })));
  }

  /** @returns what Terraform printed when a plan failed, in one line. */
  async planError(folder: string): Promise<string> {
    const { code, stderr } = await this.#run(folder, "plan", "-input=false", "-lock=false");
    if (code === 0) throw new Error(`the plan of ${path.basename(folder)} did not fail`);
    return stderr.replaceAll(/\s+/g, " ").trim();
  }

  /** Never fails: what is wrong is in the answer. */
  async validate(folder: string): Promise<readonly Diagnostic[]> {
    const { stdout } = await this.#run(folder, "validate", "-json");
    return (JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
  }

  /** `terraform fmt -check`. @returns files that are not formatted, and everything it complains of. */
  async unformatted(folder: string): Promise<readonly string[]> {
    const { code, stdout, stderr } = await this.#run(folder, "fmt", "-check", "-recursive");
    return code === 0 ? [] : `${stdout}${stderr}`.split("\n").filter((line) => line !== "");
  }

  async #done(folder: string, command: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#run(folder, command, ...args);
    if (code === 0) return stdout;
    const printed = `${stdout}\n${stderr}`.trim().slice(-LAST_CHARACTERS);
    throw new Error(`terraform ${command} of ${path.basename(folder)} failed with ${code}:\n${printed}`);
  }

  async #run(cwd: string, command: string, ...args: string[]): Promise<Captured> {
    const { binary, environment, log } = this.#settings;
    const captured = await runCaptured(binary, [command, ...args], { cwd, environment });
    const shown = SILENT.has(`${command} ${args[0]}`) || SILENT.has(command) ? "" : captured.stdout;
    await appendFile(log, `\n== ${path.basename(cwd)}: terraform ${command}\n${shown}${captured.stderr}`);
    return captured;
  }
}

/**
 * The environment of Terraform: this process's own without what would lead it elsewhere.
 *
 * @param cliConfiguration file, as {@link writeCliConfiguration} writes it.
 */
export function terraformEnvironment(variables: NodeJS.ProcessEnv, cliConfiguration?: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(variables).filter(([name]) => !name.startsWith("TF_") && !name.startsWith("AWS_"));
  return {
    ...Object.fromEntries(inherited),
    ...(cliConfiguration === undefined ? {} : { TF_CLI_CONFIG_FILE: cliConfiguration }),
    TF_IN_AUTOMATION: "1",
    TF_CLI_ARGS: "-no-color",
    CHECKPOINT_DISABLE: "1",
  };
}

/** Writes a CLI configuration that installs providers from a mirror alone, or from the registry, each version once. */
export async function writeCliConfiguration(file: string, mirror: string | undefined): Promise<void> {
  const cache = path.join(path.dirname(file), "providers");
  await mkdir(cache, { recursive: true });
  const fromRegistry = [`plugin_cache_dir = ${JSON.stringify(cache)}`, "plugin_cache_may_break_dependency_lock_file = true"];
  const fromMirror = ["provider_installation {", `  filesystem_mirror { path = ${JSON.stringify(mirror)} }`, "}"];
  await writeFile(file, `${(mirror === undefined ? fromRegistry : fromMirror).join("\n")}\n`);
}
