import type { JobsClient } from "@autoscaling-job-queues/client/jobs-client";
import type { Connection } from "../connect.ts";
import { isTypeName } from "../input/type-name.ts";
import { jobLogs } from "../logs/job-logs.ts";
import { workerLines } from "../logs/worker-lines.ts";
import { followedLogs } from "./followed-logs.ts";
import type { ReadLogs } from "./handle-request.ts";

/** The lines of a job by its ID, or the last ones of the workers of a type by its name, as `jobs logs` shows them. */
export function consoleLogs(connection: Connection, client: Pick<JobsClient, "get">, env: NodeJS.ProcessEnv): ReadLogs {
  const ofJob = followedLogs(async (id, signal) => await jobLogs(connection, await client.get(id, { signal }), env));
  return async (name, signal) => {
    if (!isTypeName(name)) return await ofJob(name, signal);
    return (await workerLines(connection, name, env, signal)).map(({ text }) => text);
  };
}
