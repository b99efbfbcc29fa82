import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { type Emulators, startEmulators } from "./emulator-process.ts";
import { configuredEndpoints, type Endpoints, SERVICES } from "./endpoints.ts";

/** The AWS services that a platform uses. */
export interface Services {
  readonly endpoints: Endpoints;
  /** Of the services without an endpoint of the user's; undefined where there are none. */
  readonly emulators: Emulators | undefined;
}

/**
 * Starts an emulator of each service without an endpoint of the user's.
 *
 * @param log file for what the emulators print.
 * @param folder that keeps the emulators' state. @default it is in memory
 * @throws JobQueueError "EndpointsApart" when SQS and SNS would not know each other, "EndpointNotReached" when nothing answers at one of the
 * user's, "ProcessEnded" when the emulators do not start.
 */
export async function startServices(variables: NodeJS.ProcessEnv, log: string, folder?: string): Promise<Services> {
  const configured = configuredEndpoints(variables);
  if ((configured.sqs === undefined) !== (configured.sns === undefined)) {
    throw new JobQueueError(
      "EndpointsApart",
      "set AWS_ENDPOINT_URL_SQS and AWS_ENDPOINT_URL_SNS, or neither: SNS sends events to SQS",
    );
  }
  await Promise.all(Object.values(configured).map((endpoint) => expectAnswer(endpoint, variables)));
  const emulated = SERVICES.filter((service) => configured[service] === undefined);
  const emulators = emulated.length === 0 ? undefined : await startEmulators({ services: emulated, log, folder });
  return { endpoints: { ...configured, ...emulators?.endpoints } as Endpoints, emulators };
}

/** Milliseconds within which an endpoint of the user's answers, whatever it answers. */
const ANSWER_MS = 5_000;

async function expectAnswer(endpoint: string, variables: NodeJS.ProcessEnv): Promise<void> {
  try {
    await fetch(endpoint, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS) });
  } catch {
    const names = Object.keys(variables).filter(
      (name) => name.startsWith("AWS_ENDPOINT_URL") && variables[name]?.startsWith(endpoint),
    );
    throw new JobQueueError(
      "EndpointNotReached",
      `nothing answers at ${endpoint}, which ${names.join(" and ")} names; start what should, or unset the variable to have an emulator`,
    );
  }
}
