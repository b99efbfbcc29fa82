import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { startPlatform } from "../../local/platform.ts";

/** The platform as a caller sees it, with a folder for what the caller has. */
export interface CallersPlatform {
  readonly url: string;
  /** Within the checkout, whose packages programs in it load. */
  readonly folder: string;
  /** Folder of the logs. */
  readonly logs: string;
  stop(): Promise<void>;
}

/** Starts the platform with the bundles that ship. @param variables of the shell. */
export async function startCallersPlatform(
  jobTypes: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<CallersPlatform> {
  await mkdir(".local", { recursive: true });
  const folder = path.resolve(await mkdtemp(path.join(".local", "caller-")));
  const runs = path.join(folder, "runs");
  const platform = await startPlatform({ jobTypes, speed: 60, events: false, runs, report: () => undefined, variables });
  return {
    url: platform.api,
    folder,
    logs: platform.logs,
    stop: async () => {
      await platform.stop();
      await rm(folder, { recursive: true });
    },
  };
}
