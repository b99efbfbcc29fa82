import { findJobFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import type { Platform } from "./platform-types.ts";
import { rebuildWorker } from "./watch/rebuild-worker.ts";

/** Builds the types that are inspected as a debugger wants them: with the names and lines that people wrote. */
export async function useDebugBundles(
  platform: Pick<Platform, "inspectors" | "workerBundle" | "nextBundle" | "replaceWorkers">,
  roots: readonly string[],
  report: (line: string) => void,
): Promise<void> {
  for (const { name, path: folder } of await findJobFolders(roots)) {
    if (!platform.inspectors.has(name)) continue;
    const [bundle, runtime] = [platform.nextBundle(name), platform.workerBundle(name).directory];
    const { error } = await rebuildWorker({ folder, runtime, outdir: bundle.directory, isDebugged: true });
    if (error === undefined) await platform.replaceWorkers(name, bundle);
    else report(`${name} is debugged as it was built before: ${error}`);
  }
}
