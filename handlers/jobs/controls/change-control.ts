import type { Control, ControlAction, Controls } from "@autoscaling-job-queues/domain/controls";
import type { JobTypeRegistry, RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { JOB_TYPES_RESUMED } from "@autoscaling-job-queues/domain/resumed-metric";
import { type ApiResponse, jsonResponse } from "../../http/event.ts";
import type { Telemetry } from "../../telemetry.ts";
import { describeJobType } from "../describe-job-type.ts";
import type { ScalingCalls } from "./scaling-calls.ts";
import { letGoOn, settleControl } from "./settle-control.ts";
import { notSuspending, ROUND_MS } from "./suspend-type.ts";

export interface ChangeControlDependencies {
  readonly registry: Pick<JobTypeRegistry, "get">;
  readonly controls: Pick<Controls, "get" | "change" | "suspending">;
  readonly scaling: ScalingCalls;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Changes of others that may come in between, one after the other. */
const MAX_ROUNDS = 5;

/**
 * Pauses a type or resumes it, in the name of the caller, and makes what scales it follow. A type that is so already stays as it is, with the
 * name of who made it so; but what scales it is seen to again, as the Lambda that changed it may have died before it could.
 *
 * The control is never less than what scales and what pages: it says *paused* before they are suspended, and until they go on and nobody is about to
 * suspend them. So where a Lambda dies midway, the type shows as paused, and whoever repeats the call, either way, mends it.
 *
 * @returns the answer: the type as `GET /job-types` has it.
 */
export async function changeControl(
  { jobType, ...asked }: { readonly jobType: RegistryEntry } & Omit<ControlAction, "at">,
  dependencies: ChangeControlDependencies,
): Promise<ApiResponse> {
  const { now } = dependencies;
  const changed = await writeChange(jobType, asked, dependencies);
  const { paused } = await settleControl(jobType, changed, dependencies);
  return jsonResponse(200, JSON.stringify(await describeJobType(jobType, paused, now())));
}

async function writeChange(
  { name, wake: service }: RegistryEntry,
  asked: Omit<ControlAction, "at">,
  { controls, scaling, telemetry: { logger, count }, now, sleep }: ChangeControlDependencies,
): Promise<Control> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    let before = await controls.get(name);
    if ((before.paused !== undefined) === (asked.action === "pause")) return before;
    if (asked.action === "resume") {
      before = await notSuspending(name, before, { controls, now, sleep });
      if (before.paused === undefined) return before;
      await letGoOn({ name, wake: service }, scaling, AbortSignal.timeout(ROUND_MS));
    }
    const control = await controls.change(name, before, { ...asked, at: new Date(now()).toISOString() });
    if (control === undefined) continue;
    logger.info(`job type ${asked.action}d`, { jobType: name, by: asked.by, reason: asked.reason });
    count(asked.action === "pause" ? "JobTypesPaused" : JOB_TYPES_RESUMED.name, { jobType: name });
    return control;
  }
  throw new Error(`others changed the control of ${name} ${MAX_ROUNDS} times in a row`);
}
