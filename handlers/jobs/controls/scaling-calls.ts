import { pausableAlarms } from "@autoscaling-job-queues/domain/alarm-names";
import { callSettings, sqsClient } from "@autoscaling-job-queues/domain/clients";
import type { WakeTarget } from "@autoscaling-job-queues/domain/job-type-registry";
import { WakeLeases } from "@autoscaling-job-queues/domain/wake-leases";
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, DisableAlarmActionsCommand, EnableAlarmActionsCommand } from "@aws-sdk/client-cloudwatch";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { RaiseCalls } from "../raise-count.ts";
import { wakeCalls } from "../wake-calls.ts";

/** What pausing a type takes of the services that scale it. */
export interface ScalingCalls extends RaiseCalls {
  /**
   * Has nobody raise the count of a type any more, or lets raise who will. To do it again changes nothing.
   *
   * @returns epoch milliseconds until which somebody may who had begun before; undefined where nobody had.
   */
  readonly hold: (jobType: string, held: boolean, signal: AbortSignal) => Promise<number | undefined>;
  /** Suspends the scaling of a service, by alarms and by the clock, or lets it go on. To do it again changes nothing. */
  readonly suspend: (service: WakeTarget, suspended: boolean, signal: AbortSignal) => Promise<void>;
  /** Has the alarms on jobs that wait page nobody, or page again. To do it again changes nothing. */
  readonly silence: (service: WakeTarget, silent: boolean, signal: AbortSignal) => Promise<void>;
  /** @returns the fewest tasks that the service is to have now: windows of the clock change that. */
  readonly minTasks: (service: WakeTarget, signal: AbortSignal) => Promise<number>;
}

const SCALED = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

const resourceId = ({ cluster, service }: WakeTarget): string => `service/${cluster}/${service}`;

export function scalingCalls(dynamoDb: DynamoDBDocumentClient, jobTypesTableName: string): ScalingCalls {
  const scaling = new ApplicationAutoScalingClient(callSettings());
  const alarms = new CloudWatchClient(callSettings());
  const leases = new WakeLeases(dynamoDb, jobTypesTableName);
  return {
    ...wakeCalls(dynamoDb, jobTypesTableName, sqsClient()),
    hold: async (jobType, held, signal) => {
      if (held) return await leases.hold(jobType, signal);
      await leases.letGo(jobType, signal);
      return undefined;
    },
    suspend: async (service, suspended, abortSignal) => {
      const SuspendedState = {
        DynamicScalingInSuspended: suspended,
        DynamicScalingOutSuspended: suspended,
        ScheduledScalingSuspended: suspended,
      };
      const command = new RegisterScalableTargetCommand({ ...SCALED, ResourceId: resourceId(service), SuspendedState });
      await scaling.send(command, { abortSignal });
    },
    silence: async (service, silent, abortSignal) => {
      const named = { AlarmNames: pausableAlarms(service) };
      await (silent
        ? alarms.send(new DisableAlarmActionsCommand(named), { abortSignal })
        : alarms.send(new EnableAlarmActionsCommand(named), { abortSignal }));
    },
    minTasks: async (service, abortSignal) => {
      const command = new DescribeScalableTargetsCommand({ ...SCALED, ResourceIds: [resourceId(service)] });
      const { ScalableTargets: [target] = [] } = await scaling.send(command, { abortSignal });
      return target?.MinCapacity ?? 0;
    },
  };
}
