import type { Job } from "@autoscaling-job-queues/client/job";
import { platformName, regionOf } from "../aws/platform-name.ts";
import { CliError } from "../cli-error.ts";
import type { Connection } from "../connect.ts";
import { cloudWatchLogs, logGroup } from "./cloudwatch-logs.ts";
import { localLogs } from "./local-logs.ts";
import type { LogSource } from "./log-source.ts";

/** Where the lines of a job are: files on one machine, CloudWatch Logs on AWS. @throws CliError where they cannot be read from here. */
export async function jobLogs(
  { local, region, url, authorization }: Connection,
  job: Job,
  env: NodeJS.ProcessEnv,
): Promise<LogSource> {
  if (local?.logs !== undefined) return localLogs(local.logs, job);
  if (authorization === "none") {
    throw new CliError(`the logs of ${url} are files: run jobs in the checkout in which npm start runs`);
  }
  const group = logGroup(await platformName({ url, region }, env), job.type);
  const { CloudWatchLogsClient } = await import("@aws-sdk/client-cloudwatch-logs");
  const since = Date.parse(job.startedAt ?? job.createdAt);
  return cloudWatchLogs({ client: new CloudWatchLogsClient(regionOf(region)), group, jobId: job.id, since });
}
