import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { platformClients } from "../local/aws/clients.ts";
import { workerEnvironment } from "../local/aws/deployed-environment.ts";
import { type Emulators, startEmulators } from "../local/aws/emulator-process.ts";
import { awsEnvironment, type Endpoints } from "../local/aws/endpoints.ts";
import { createResources } from "../local/aws/resources.ts";
import { addEchoJobs } from "./echo-load.ts";

/** Fresh emulators with what one job type needs, and the environment of a worker of it. */
export interface Stage {
  readonly emulators: Emulators;
  readonly endpoints: Endpoints;
  readonly environment: NodeJS.ProcessEnv;
  /** Adds so many echo jobs. */
  readonly add: (count: number) => Promise<void>;
}

export async function onStage<Result>(jobType: JobType, use: (stage: Stage) => Promise<Result>): Promise<Result> {
  const emulators = await startEmulators();
  try {
    const endpoints = emulators.endpoints as Endpoints;
    const aws = awsEnvironment(endpoints, "http://127.0.0.1:9", {});
    const clients = platformClients(endpoints, aws);
    const resources = await createResources(clients, { jobTypes: [jobType], speed: 1, events: false });
    const environment = { ...aws, PATH: process.env.PATH, ...workerEnvironment(resources, jobType.name, "") };
    return await use({
      emulators,
      endpoints,
      environment,
      add: (count) => addEchoJobs(clients, resources, jobType.name, count),
    });
  } finally {
    await emulators.stop();
  }
}
