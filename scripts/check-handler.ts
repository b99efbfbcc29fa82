import { once } from "node:events";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Worker as Thread } from "node:worker_threads";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { HandlerExport } from "./handler-export.ts";
import type { JobFolder } from "./job-folders.ts";

/** A module that takes longer to load waits for something, and is left to its tests. */
const LOAD_MS = 10_000;

export interface HandlerBundle {
  /** The packages that it imports are within its reach. */
  readonly file: string;
  /** Names that it exports. */
  readonly exports: readonly string[];
}

/**
 * Checks what the bundle of a handler exports, which would otherwise show when a worker has a job for it. A bundle that cannot be
 * loaded here, as it may need an environment that builds do not have, gives a warning.
 *
 * @returns whether it could be loaded.
 * @throws JobQueueError "InvalidJobFolder" where the default export is not what `defineJob` has made of this job type.
 */
export async function checkHandler({ path: folder, jobType }: JobFolder, bundle: HandlerBundle): Promise<boolean> {
  const source = path.join(folder, "job.ts");
  const fail = (what: string): never => {
    const line = "export default defineJob(<the job type of job-type.ts>, async (input, job) => { ... });";
    throw new JobQueueError("InvalidJobFolder", `${source}: ${what}; write ${line}`);
  };
  if (!bundle.exports.includes("default")) fail("there is no default export");
  const found = await load(bundle.file);
  if (found.kind === "notLoaded") {
    console.error(`warning: ${source} cannot be loaded here, so its default export was not checked: ${found.message}`);
  } else if (found.kind === "other") {
    fail(`the default export is not a job but of type ${found.type}`);
  } else if (found.jobType !== jobType.name) {
    fail(`the default export is a job of the type ${found.jobType}`);
  }
  return found.kind !== "notLoaded";
}

async function load(bundle: string): Promise<HandlerExport> {
  const thread = new Thread(new URL("./handler-export.ts", import.meta.url), {
    workerData: pathToFileURL(path.resolve(bundle)).href,
    // What the module prints does not concern the build.
    stdout: true,
    stderr: true,
  });
  const ended = once(thread, "exit").then(
    ([code]): HandlerExport => ({ kind: "notLoaded", message: `it ended with exit code ${code}` }),
  );
  const late = Promise.withResolvers<HandlerExport>();
  const timer = setTimeout(
    () => late.resolve({ kind: "notLoaded", message: `it takes longer than ${LOAD_MS / 1_000} s` }),
    LOAD_MS,
  );
  try {
    const answered = once(thread, "message").then(([found]) => found as HandlerExport);
    return await Promise.race([answered, ended, late.promise]);
  } catch (error) {
    return { kind: "notLoaded", message: (error as Error).message };
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
