import { readFileSync } from "node:fs";
import path from "node:path";
import { ENCLOSURE } from "@autoscaling-job-queues/domain/environment";
import { pidNamespace } from "@autoscaling-job-queues/domain/process-owner";
import { readProcessTable } from "@autoscaling-job-queues/domain/process-table";

/** The IDs of all processes that only this worker, and what it started, can have started. */
export type Enclosure = () => ReadonlySet<number>;

/** The machine's own PID namespace, which is not a container's (Linux: `PROC_PID_INIT_INO`). */
const MACHINE_NAMESPACE = 0xef_ff_ff_fc;
const INIT = 1;

/**
 * Reads from the worker's environment where it is alone: in its container, as the image says, or in a control group that was made
 * for it. Neither is believed where it cannot be true: processes in an enclosure may be killed.
 *
 * @param namespace the number of the worker's PID namespace, 0 where there is none.
 * @returns undefined where it is not alone, as on a developer's machine.
 */
export function enclosureOf(
  variables: NodeJS.ProcessEnv,
  { pid, ppid }: Pick<NodeJS.Process, "pid" | "ppid">,
  namespace: number = pidNamespace(),
): Enclosure | undefined {
  const where = variables[ENCLOSURE.variable];
  if (where === undefined) return undefined;
  if (where === ENCLOSURE.container) {
    const isInit = pid === INIT || ppid === INIT;
    if (!isInit || namespace === 0 || namespace === MACHINE_NAMESPACE) return undefined;
    return () => new Set(readProcessTable().map((entry) => entry.pid));
  }
  const enclosure = (): ReadonlySet<number> => {
    try {
      return new Set(readFileSync(path.join(where, "cgroup.procs"), "utf8").trim().split("\n").map(Number));
    } catch {
      return new Set();
    }
  };
  return enclosure().has(pid) ? enclosure : undefined;
}
