import { hostname } from "node:os";

/** A container of Fargate is named for its task, in the last part of its agent's address: `<task ID>-<container>`. */
const TASK_ID = /\/([0-9a-f]{32})(?:-\d+)?$/;

/**
 * What people know a worker by: the ID of its ECS task, which its log stream, `DescribeTasks` and a job's `attempts` have in common;
 * elsewhere, host and process.
 *
 * @param agentUri `$ECS_AGENT_URI`.
 */
export function workerName(agentUri: string | undefined): string {
  return TASK_ID.exec(agentUri ?? "")?.[1] ?? `${hostname()}/${process.pid}`;
}
