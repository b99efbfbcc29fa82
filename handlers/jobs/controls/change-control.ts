import type { Control, ControlAction, Controls } from "@autoscaling-job-queues/domain/controls";
import type { JobTypeRegistry, RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { type ApiRequest, type ApiResponse, jsonResponse } from "../../http/event.ts";
import type { Telemetry } from "../../telemetry.ts";
import { describeJobType } from "../describe-job-type.ts";
import { findJobType } from "../find-job-type.ts";
import { unknownJobType } from "../read-typed-body.ts";

export interface ChangeControlDependencies {
  readonly registry: Pick<JobTypeRegistry, "get">;
  readonly controls: Pick<Controls, "get" | "change">;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Changes of others that may come in between, one after the other. */
const MAX_ROUNDS = 5;

/** The job type in the path. @throws Problem 404 where there is none. */
export async function requestedJobType(
  { pathParameters: { name = "" } }: ApiRequest,
  registry: Pick<JobTypeRegistry, "get">,
): Promise<RegistryEntry> {
  const jobType = await findJobType(registry, name);
  if (jobType === undefined) throw unknownJobType(name);
  return jobType;
}

/**
 * Pauses a type or resumes it, in the name of the caller; a type that is so already stays as it is, with the name of who made it so.
 *
 * @returns the answer: the type as `GET /job-types` has it.
 */
export async function changeControl(
  { jobType, ...asked }: { readonly jobType: RegistryEntry } & Omit<ControlAction, "at">,
  { controls, telemetry: { logger, count }, now }: ChangeControlDependencies,
): Promise<ApiResponse> {
  const { name } = jobType;
  let control: Control | undefined;
  for (let round = 0; round < MAX_ROUNDS && control === undefined; round += 1) {
    const before = await controls.get(name);
    const isSo = (before.paused !== undefined) === (asked.action === "pause");
    control = isSo ? before : await controls.change(name, before, { ...asked, at: new Date(now()).toISOString() });
    if (!isSo && control !== undefined) {
      logger.info(`job type ${asked.action}d`, { jobType: name, by: asked.by, reason: asked.reason });
      count(asked.action === "pause" ? "JobTypesPaused" : "JobTypesResumed", { jobType: name });
    }
  }
  if (control === undefined) throw new Error(`others changed the control of ${name} ${MAX_ROUNDS} times in a row`);
  return jsonResponse(200, JSON.stringify(await describeJobType(jobType, control.paused, now())));
}
