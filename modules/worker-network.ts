import type { Deployment } from "@autoscaling-job-queues/domain/deployment-settings";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group/index.js";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { jobTypeNames } from "./names.ts";
import type { PlatformState } from "./platform-state.ts";
import { literal } from "./registry-item.ts";
import { untilTasksEnd } from "./worker-service.ts";

interface WorkerNetworkSettings {
  readonly jobType: string;
  /** Of one attempt. */
  readonly timeoutSeconds: number;
  readonly platform: Pick<PlatformState, "vpcId" | "taskSecurityGroupId">;
  readonly network: Deployment["network"];
}

/** What a job type's tasks may connect to: HTTPS to anywhere, as every task, and what its `deployment.ts` adds. */
export class WorkerNetwork extends Construct {
  /** Of every task; the platform's own is the first. */
  readonly securityGroupIds: string[];

  constructor(scope: Construct, id: string, environment: Environment, settings: WorkerNetworkSettings) {
    super(scope, id);
    const { jobType, timeoutSeconds, platform, network } = settings;
    this.securityGroupIds = [platform.taskSecurityGroupId, ...network.securityGroupIds];
    if (network.egress.length === 0) return;
    const group = new SecurityGroup(this, "egress", {
      name: jobTypeNames(environment, jobType).egress,
      description: `What tasks of job type ${jobType} connect to, beside HTTPS`,
      vpcId: platform.vpcId,
      // Without its last rule it goes while the service is still there, and EC2 keeps it for the tasks that began with it.
      timeouts: untilTasksEnd(timeoutSeconds),
    });
    for (const { port, to, description } of network.egress) {
      new VpcSecurityGroupEgressRule(this, `egress-${port}-${to.replaceAll(/[^0-9a-z]+/g, "-")}`, {
        securityGroupId: group.id,
        description: literal(description),
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        ...destination(to),
      });
    }
    this.securityGroupIds.push(group.id);
  }
}

function destination(to: string) {
  if (to.startsWith("pl-")) return { prefixListId: to };
  if (to.startsWith("sg-")) return { referencedSecurityGroupId: to };
  return to.includes(":") ? { cidrIpv6: to } : { cidrIpv4: to };
}
