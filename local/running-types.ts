import path from "node:path";
import { inputSchema } from "@autoscaling-job-queues/domain/input-schema";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { type WorkerBundle, workerBundle } from "./worker-bundles.ts";

/** Settings that the alarms are made of when the platform starts. */
const READ_AT_START = ["scaling"];

export interface ChangedSettings {
  /** Names of the settings that are others now. */
  readonly settings: readonly string[];
  /** Of those, names of the ones that take effect at the next start. */
  readonly later: readonly string[];
}

/** The job types that the platform runs, each with the bundle that new workers of it run. */
export class RunningTypes {
  readonly #bundles: string;
  readonly #running: Map<string, { readonly jobType: JobType; readonly bundle: WorkerBundle }>;
  #builds = 0;

  /** @param bundles folder of the run's copies. */
  constructor(bundles: string, jobTypes: readonly JobType[]) {
    this.#bundles = bundles;
    this.#running = new Map(
      jobTypes.map((jobType) => [jobType.name, { jobType, bundle: workerBundle(path.join(bundles, "workers"), jobType.name) }]),
    );
  }

  bundle(name: string): WorkerBundle {
    const running = this.#running.get(name);
    if (running === undefined) throw new RangeError(`there is no job type ${name}`);
    return running.bundle;
  }

  /** A place for another build of a type. Workers that run load the files of theirs when they need them, so theirs stays as it is. */
  nextBundle(name: string): WorkerBundle {
    this.#builds += 1;
    return workerBundle(path.join(this.#bundles, `rebuilt-${this.#builds}`), name);
  }

  /** From now on workers run this bundle. @returns how its settings differ from those before. */
  replace(jobType: JobType, bundle: WorkerBundle): ChangedSettings {
    const before = this.#running.get(jobType.name)?.jobType;
    this.#running.set(jobType.name, { jobType, bundle });
    const [old, now] = [before === undefined ? {} : plain(before), plain(jobType)];
    const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
    const settings = names.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]));
    return { settings, later: settings.filter((name) => READ_AT_START.includes(name)) };
  }
}

/** Settings that can be compared as JSON; `result` is for the compiler only. */
function plain({ input, result: _, ...settings }: JobType): Readonly<Record<string, unknown>> {
  return { ...settings, input: inputSchema(input) };
}
