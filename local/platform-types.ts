import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import type { PlatformClients } from "./aws/clients.ts";
import type { Emulators } from "./aws/emulator-process.ts";
import type { Endpoints } from "./aws/endpoints.ts";
import type { Fleet } from "./aws/fleet.ts";
import type { Resources } from "./aws/resources.ts";
import type { Scheduler } from "./aws/scheduler.ts";
import type { EventSubscriber } from "./event-subscriber.ts";
import type { ChangedSettings } from "./running-types.ts";
import type { WorkerBundle } from "./worker-bundles.ts";

export interface PlatformSettings {
  /** Port of the HTTP API. @default 0: any free one */
  readonly port?: number;
  /** How much faster than AWS's the clock of the alarms runs. @default 1 */
  readonly speed?: number;
  /** Worker processes that this machine runs at once. 0: jobs wait. @default twice its cores and 2 more */
  readonly maxWorkers?: number;
  /** Name of a job type whose worker waits for a debugger; empty for every type with a handler. @default none */
  readonly inspect?: string;
  /** Folder that keeps jobs, files, queues and schedules for the next start. @default they are gone at the end */
  readonly keep?: string;
  /** Names of the job types. @default every type that was built */
  readonly jobTypes?: readonly string[];
  /** Whether a subscriber receives the events. @default true */
  readonly events?: boolean;
  /** Folders of the job types' own folders, where their deployments are. @default those that `JOBS_FOLDERS` names */
  readonly jobs?: readonly string[];
  /** Folder of the bundles, of which the platform runs a copy. @default "dist" */
  readonly bundles?: string;
  /** Folder of the platform's runs, each of which has its files in one of its own. @default ".local/runs" */
  readonly runs?: string;
  /** Told in one sentence what people should know: a worker that crashed, a service that does not answer. */
  readonly report: (line: string) => void;
  /** @default process.env */
  readonly variables?: NodeJS.ProcessEnv;
}

export interface Platform {
  /** Address of the HTTP API. */
  readonly api: string;
  readonly endpoints: Endpoints;
  readonly resources: Resources;
  readonly jobTypes: readonly JobType[];
  readonly clients: PlatformClients;
  readonly fleet: Fleet;
  readonly scheduler: Scheduler;
  /** Names of the schedules that job types declare, `<type>.<name>`. */
  readonly schedules: readonly string[];
  /** Undefined where `events` is false. */
  readonly events: EventSubscriber | undefined;
  /** Ports on 127.0.0.1 at which workers wait for a debugger, by job type. */
  readonly inspectors: ReadonlyMap<string, number>;
  /** What new workers of a job type run. */
  readonly workerBundle: (jobType: string) => WorkerBundle;
  /** Where another build of it goes. */
  readonly nextBundle: (jobType: string) => WorkerBundle;
  /**
   * Takes another build of a job type: registers its settings, stops its workers in order, and starts others.
   *
   * @throws JobQueueError "MissingBuild"; the errors of the services.
   */
  readonly replaceWorkers: (jobType: string, bundle: WorkerBundle) => Promise<ChangedSettings & { readonly workers: number }>;
  /** The environment of a worker of this type, as a task gets it but without an ECS agent. */
  readonly workerEnvironment: (jobType: string) => NodeJS.ProcessEnv;
  /** Requests of the API and the workers; undefined where nothing is emulated. */
  readonly emulators: Emulators | undefined;
  /** Folder of the logs. */
  readonly logs: string;
  /**
   * Sets the clock of the scheduler, of the Lambdas and of workers that start from now on so many milliseconds ahead of the machine's: what is
   * due by then is due. It never goes back, and workers that run keep theirs.
   */
  readonly setClockAhead: (milliseconds: number) => void;
  /** Settles with a sentence when the platform cannot go on. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}
