import { callSettings } from "@autoscaling-job-queues/domain/clients";
import type { WakeTarget } from "@autoscaling-job-queues/domain/job-type-registry";
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { RaiseCalls } from "./raise-count.ts";

/** The calls to ECS itself. */
export type EcsCalls = Pick<RaiseCalls, "desiredCount" | "setDesiredCount">;

const REQUEST_TIMEOUT_MS = 1_500;

/** ECS's side of the wake call. */
export function ecsServices(): EcsCalls {
  // Two tries, as an idle connection may have been closed; not more, as the caller waits and an alarm stands behind.
  const client = new ECSClient({ ...callSettings({ requestTimeoutMs: REQUEST_TIMEOUT_MS }), maxAttempts: 2 });
  return {
    desiredCount: async ({ cluster, service }: WakeTarget, abortSignal) => {
      const { services: [found] = [] } = await client.send(new DescribeServicesCommand({ cluster, services: [service] }), {
        abortSignal,
      });
      if (found?.desiredCount === undefined) throw new Error(`ECS has no service ${service} in cluster ${cluster}`);
      return found.desiredCount;
    },
    setDesiredCount: async ({ cluster, service }: WakeTarget, desiredCount, abortSignal) => {
      await client.send(new UpdateServiceCommand({ cluster, service, desiredCount }), { abortSignal });
    },
  };
}
