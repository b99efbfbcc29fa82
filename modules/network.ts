import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group/index.js";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { OwnVpc } from "./own-vpc.ts";
import { addEndpoints } from "./vpc-endpoints.ts";

/** Where the tasks run: subnets, and a security group: the environment's, or one that lets nothing in and only HTTPS out. */
export class TaskNetwork extends Construct {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, environment: Environment, keyArn: string) {
    super(scope, id);
    const { network, namePrefix } = environment;
    const vpc = network.kind === "existing" ? undefined : new OwnVpc(this, "own", environment, network, keyArn);
    const { vpcId, subnetIds } = network.kind === "existing" ? network : (vpc as OwnVpc);
    this.vpcId = vpcId;
    this.subnetIds = subnetIds;
    this.securityGroupId = (network.kind === "existing" ? network.securityGroupId : undefined) ?? this.#allowHttps(namePrefix);
    if (vpc !== undefined) addEndpoints(this, environment, { vpc, taskSecurityGroupId: this.securityGroupId });
  }

  #allowHttps(namePrefix: string): string {
    const tasks = new SecurityGroup(this, "tasks", {
      name: `${namePrefix}-tasks`,
      description: "Tasks of all job types: nothing in, HTTPS out",
      vpcId: this.vpcId,
    });
    new VpcSecurityGroupEgressRule(this, "https-out", {
      securityGroupId: tasks.id,
      description: "HTTPS to the AWS services and to what jobs call",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "0.0.0.0/0",
    });
    return tasks.id;
  }
}
