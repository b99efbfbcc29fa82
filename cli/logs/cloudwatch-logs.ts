import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { awsSentence } from "../aws/aws-failure.ts";
import { CliError } from "../cli-error.ts";
import { type LogLine, logLineOf } from "./log-line.ts";
import type { LogSource } from "./log-source.ts";

export interface CloudWatchSettings {
  readonly client: Pick<CloudWatchLogsClient, "send">;
  readonly group: string;
  readonly jobId: string;
  /** Epoch milliseconds: no line of the job is older. */
  readonly since: number;
}

/** CloudWatch shows a line some seconds after it was written, and not in the order of the writing. */
const OVERLAP_MS = 30_000;

/** The group of the workers of a type, as Terraform names it. */
export function logGroup(platform: string, jobType: string): string {
  return `/${platform}/workers/${jobType}`;
}

/** The lines of a job in CloudWatch Logs. */
export function cloudWatchLogs({ client, group, jobId, since }: CloudWatchSettings): LogSource {
  const told = new Set<string>();
  let newest = since;
  return {
    pollMs: 2_000,
    lateMs: 8_000,
    async *newLines(signal) {
      const { FilterLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
      const startTime = Math.max(since, newest - OVERLAP_MS);
      let nextToken: string | undefined;
      do {
        const query = { logGroupName: group, startTime, filterPattern: `{ $.jobId = "${jobId}" }`, nextToken };
        const page = await client.send(new FilterLogEventsCommand(query), { abortSignal: signal }).catch((error: unknown) => {
          signal.throwIfAborted();
          throw new CliError(logsSentence(error, group));
        });
        const lines: LogLine[] = [];
        for (const { eventId = "", message = "", timestamp = 0 } of page.events ?? []) {
          newest = Math.max(newest, timestamp);
          const line = told.has(eventId) ? undefined : logLineOf(message, jobId);
          told.add(eventId);
          if (line !== undefined) lines.push(line);
        }
        // Attempts follow one another, in streams of several workers; a page is in order of the times that they were taken in at.
        yield* lines.toSorted((one, other) => one.at - other.at);
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
    },
  };
}

/** Why a log group was not read, for people. */
export function logsSentence(error: unknown, group: string): string {
  if ((error as Error).name !== "ResourceNotFoundException") return awsSentence(`read the log group ${group}`, error);
  return `there is no log group ${group}; is JOBS_NAME_PREFIX that of the API's environment, and are these credentials of its account?`;
}
