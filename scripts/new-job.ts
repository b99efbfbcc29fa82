import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { JobQueueError, SettingsError } from "@autoscaling-job-queues/domain/errors";
import { jobsFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { isJobTypeName, JOB_TYPE_NAME_RULE } from "@autoscaling-job-queues/domain/job-type-name";
import { findAbove } from "./job-folders.ts";
import { newJobFiles } from "./new-job-files.ts";
import { runProgram } from "./run-program.ts";
import { writeJobFolder } from "./write-job-folder.ts";

/**
 * `npm run new-job <name> [--process]`: writes the folder of a job type that builds, passes `npm run check` and its own test, and runs.
 * It goes into the last folder of `JOBS_FOLDERS`, by default `jobs`: an organization names its own after the examples.
 *
 * @example
 * ```sh
 * npm run new-job report
 * npm run new-job -- letters --process    # a command in any language
 * ```
 */
async function newJob(args: readonly string[], variables: NodeJS.ProcessEnv): Promise<void> {
  if (args.some((arg) => arg === "--help" || arg === "-h")) return console.log(HELP);
  const { name, isProcess } = settingsOf(args, variables);
  const roots = jobsFolders(variables);
  const folder = path.join(roots.at(-1) as string, name);
  const files = await newJobFiles(name, { isProcess, docs: path.relative(folder, "docs") });
  await writeJobFolder({ folder, files, roots });
  console.log(`${folder}: ${Object.keys(files).join(", ")}`);
  await install(folder);
  const commands = [
    [`npx vitest run ${folder}`, "its test"],
    ["npm run check", "lint, types, boundaries"],
    ["npm start -- --watch", `the platform on this machine; ${folder}/README.md has a first job for it`],
  ] as const;
  const width = Math.max(...commands.map(([command]) => command.length));
  console.log(`\n${commands.map(([command, what]) => `  ${command.padEnd(width)}    # ${what}`).join("\n")}\n`);
}

const USAGE = "npm run new-job <name> [-- --process]";

const HELP = `Writes the folder of a job type that runs, and enters it into package-lock.json.

  ${USAGE}

  <name>      the type's name, such as report: ${JOB_TYPE_NAME_RULE}
  --process   a command in any language in place of a handler in TypeScript

It goes into the last folder of JOBS_FOLDERS (default: jobs).`;

function settingsOf(args: readonly string[], variables: NodeJS.ProcessEnv) {
  const { values, positionals } = parsed(args);
  const [name, ...others] = positionals;
  if (name === undefined) throw new JobQueueError("NameMissing", `name the job type: ${USAGE}`);
  if (others.length > 0) throw new SettingsError("the command line", args.join(" "), USAGE);
  if (!isJobTypeName(name)) throw new SettingsError("the name of the job type", name, JOB_TYPE_NAME_RULE);
  // Without `--` before it, npm takes the option for one of its own.
  return { name, isProcess: values.process ?? variables.npm_config_process === "true" };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { process: { type: "boolean" } }, allowPositionals: true });
  } catch {
    throw new SettingsError("the command line", args.join(" "), USAGE);
  }
}

/** Enters the folder into the lock of its project, without which `npm ci` fails there. */
async function install(folder: string): Promise<void> {
  const project = await findAbove(folder, "package-lock.json");
  if (project === undefined) {
    console.log(`There is no package-lock.json above ${folder}: run npm install in the project that it belongs to.`);
    return;
  }
  try {
    await runProgram("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], { cwd: project });
  } catch (error) {
    throw new JobQueueError(
      "NotInstalled",
      `${folder} is written, but not entered into package-lock.json (${(error as Error).message}); run npm install in ${project}`,
    );
  }
  const lock = path.relative(process.cwd(), path.join(project, "package-lock.json"));
  if (existsSync(lock)) console.log(`npm install has entered it into ${lock}: commit that file with the folder.`);
}

newJob(process.argv.slice(2), process.env).catch((error: Error) => {
  console.error(error instanceof JobQueueError ? error.message : error);
  process.exitCode = 1;
});
