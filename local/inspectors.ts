import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { listen } from "./aws/listening.ts";

/** Node's own, where debuggers look first. */
const FIRST_PORT = 9_229;
const LAST_PORT = 9_999;

/**
 * The ports on 127.0.0.1 at which the workers of job types wait for a debugger, by job type.
 *
 * @param asked name of a type; empty for every type with a handler.
 * @throws SettingsError for a name that is none of them.
 */
export async function inspectorPorts(asked: string, jobTypes: readonly JobType[]): Promise<ReadonlyMap<string, number>> {
  const names = jobTypes.filter(({ isolation }) => isolation !== "process").map(({ name }) => name);
  if (asked !== "" && !names.includes(asked)) {
    throw new SettingsError("--inspect", asked, `a type with a handler in TypeScript: ${names.join(", ")}`);
  }
  const ports = new Map<string, number>();
  let port = FIRST_PORT;
  for (const name of asked === "" ? names : [asked]) {
    port = await freePort(port);
    ports.set(name, port);
    port += 1;
  }
  return ports;
}

async function freePort(from: number): Promise<number> {
  for (let port = from; port <= LAST_PORT; port += 1) {
    try {
      await (await listen((_, response) => response.end(), port)).stop();
      return port;
    } catch {
      // Another program has it.
    }
  }
  throw new SettingsError("--inspect", from, `a free port from ${FIRST_PORT} to ${LAST_PORT}, and there is none`);
}
