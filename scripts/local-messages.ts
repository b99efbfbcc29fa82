import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { localPlatform } from "../cli/local-platform.ts";
import { awsEnvironment } from "../local/aws/endpoints.ts";
import { SCHEDULE_GROUP } from "../local/aws/scheduler.ts";
import type { RunningPlatform } from "../local/endpoints-file.ts";
import { messagesOf } from "./platform-messages.ts";

/**
 * The jobs of the platform that `npm start` runs here, as an operator's commands reach them.
 *
 * @throws JobQueueError "NoLocalPlatform"
 */
export async function localMessages(dryRun: boolean) {
  const platform = localPlatform() as RunningPlatform | undefined;
  if (platform === undefined)
    throw new JobQueueError("NoLocalPlatform", "no platform runs in this folder or one above it: npm start");
  const { jobsTable, jobTypesTable, scheduler, ...endpoints } = platform;
  const variables = { ...awsEnvironment(endpoints, "", process.env), AWS_ENDPOINT_URL_SCHEDULER: scheduler };
  // A profile of the user's would come before the credentials of the emulators.
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  Object.assign(process.env, variables);
  return await messagesOf({ jobsTable, jobTypesTable, scheduleGroup: SCHEDULE_GROUP }, dryRun);
}
