import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { writeEndpointsFile } from "../../local/endpoints-file.ts";
import { startPlatform } from "../../local/platform.ts";
import type { Platform } from "../../local/platform-types.ts";
import { type CliRun, runCli } from "./run-cli.ts";

/** The platform on this machine, and the command `jobs` in the folder of it. */
export interface CliPlatform extends Platform {
  /** Where `jobs` finds the platform by itself, as in a checkout in which `npm start` runs. */
  readonly folder: string;
  /** Runs `jobs` without a terminal, so that it writes JSON. */
  readonly jobs: (args: readonly string[], input?: string) => Promise<CliRun>;
}

/** Starts the platform with the bundles that ship. */
export async function startCliPlatform(jobTypes: readonly string[]): Promise<CliPlatform> {
  await mkdir(".local", { recursive: true });
  const folder = path.resolve(await mkdtemp(path.join(".local", "cli-")));
  const runs = path.join(folder, "runs");
  const platform = await startPlatform({ jobTypes, speed: 60, events: false, runs, report: () => undefined, variables: {} });
  await writeEndpointsFile(platform, path.join(folder, ".local", "endpoints.json"));
  return {
    ...platform,
    folder,
    jobs: async (args, input) => await runCli(args, { cwd: folder, ...(input === undefined ? {} : { input }) }),
    stop: async () => {
      await platform.stop();
      await rm(folder, { recursive: true });
    },
  };
}
