import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { arnOf } from "./names.ts";
import type { PolicyStatement } from "./policy-document.ts";

export interface LogGroupSettings {
  readonly name: string;
  readonly keyArn: string;
}

export function createLogGroup(
  scope: Construct,
  id: string,
  { logRetentionDays }: Environment,
  { name, keyArn }: LogGroupSettings,
): CloudwatchLogGroup {
  return new CloudwatchLogGroup(scope, id, { name, kmsKeyId: keyArn, retentionInDays: logRetentionDays });
}

/** Lets a role write to one log group. The streams in it are named by the service that writes. */
export function writeLogs(environment: Environment, name: string): PolicyStatement {
  return {
    sid: "WriteLogs",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [arnOf(environment, "logs", `log-group:${name}:log-stream:*`)],
  };
}
