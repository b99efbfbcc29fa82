import { FlowLog } from "@cdktf/provider-aws/lib/flow-log/index.js";
import type { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { createLogGroup, writeLogs } from "./log-group.ts";
import { arnOf, platformNames } from "./names.ts";
import { ServiceRole } from "./service-role.ts";

interface FlowLogSettings {
  readonly vpcId: string;
  readonly keyArn: string;
}

/** Logs the connections of a VPC, accepted and rejected. */
export function addFlowLogs(scope: Construct, environment: Environment, { vpcId, keyArn }: FlowLogSettings): void {
  const { flowLogs: name } = platformNames(environment);
  const logs = createLogGroup(scope, "flow-log-group", environment, { name, keyArn });
  const role = new ServiceRole(scope, "flow-log-role", environment, {
    name: "flow-logs",
    description: "Writes the VPC's flow logs",
    service: "vpc-flow-logs.amazonaws.com",
    condition: {
      StringEquals: { "aws:SourceAccount": environment.accountId },
      ArnLike: { "aws:SourceArn": arnOf(environment, "ec2", "vpc-flow-log/*") },
    },
    statements: [
      writeLogs(environment, name),
      {
        sid: "FindStreams",
        actions: ["logs:DescribeLogStreams"],
        resources: [arnOf(environment, "logs", `log-group:${name}:*`)],
      },
    ],
  });
  new FlowLog(scope, "flow-log", {
    vpcId,
    trafficType: "ALL",
    logDestination: logs.arn,
    iamRoleArn: role.arn,
    maxAggregationInterval: 600,
  });
}
