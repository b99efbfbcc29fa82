import type { Controls } from "@autoscaling-job-queues/domain/controls";
import type { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { Answer } from "../http/api-handler.ts";
import { jsonResponse } from "../http/event.ts";
import { describeJobType } from "./describe-job-type.ts";

export interface ListJobTypesDependencies {
  readonly registry: Pick<JobTypeRegistry, "list">;
  readonly controls: Pick<Controls, "paused">;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** `GET /job-types`. */
export function listJobTypes({ registry, controls, now }: ListJobTypesDependencies): Answer {
  return async () => {
    const entries = await registry.list();
    const paused = await controls.paused(entries.map(({ name }) => name));
    const items = await Promise.all(entries.map((entry) => describeJobType(entry, paused.get(entry.name), now())));
    return jsonResponse(200, JSON.stringify({ items }));
  };
}
