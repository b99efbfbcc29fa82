import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group/index.js";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint/index.js";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js";
import type { Construct } from "constructs";
import type { Environment } from "./environment.ts";
import type { OwnVpc } from "./own-vpc.ts";

/** Free, and worth having in every network: image layers come from S3, and most calls go to DynamoDB. */
const GATEWAY_SERVICES = ["s3", "dynamodb"] as const;

/** What a task without a way to the internet calls: its image, its logs, its queue and the events topic. */
const INTERFACE_SERVICES = ["ecr.api", "ecr.dkr", "logs", "sqs", "sns"] as const;

interface EndpointSettings {
  readonly vpc: OwnVpc;
  readonly taskSecurityGroupId: string;
}

/** Ways to AWS's services that do not leave its network. */
export function addEndpoints(scope: Construct, environment: Environment, { vpc, taskSecurityGroupId }: EndpointSettings): void {
  const { region, namePrefix, network } = environment;
  const { vpcId } = vpc;
  for (const service of GATEWAY_SERVICES) {
    new VpcEndpoint(scope, `${service}-endpoint`, {
      vpcId,
      serviceName: `com.amazonaws.${region}.${service}`,
      vpcEndpointType: "Gateway",
      routeTableIds: [vpc.routeTableId],
    });
  }
  if (network.kind !== "private-with-endpoints") return;
  const endpoints = new SecurityGroup(scope, "endpoints", {
    name: `${namePrefix}-endpoints`,
    description: "Interface endpoints: HTTPS from the tasks",
    vpcId,
  });
  new VpcSecurityGroupIngressRule(scope, "https-from-tasks", {
    securityGroupId: endpoints.id,
    referencedSecurityGroupId: taskSecurityGroupId,
    description: "HTTPS from the tasks",
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
  });
  for (const service of INTERFACE_SERVICES) {
    new VpcEndpoint(scope, `${service.replace(".", "-")}-endpoint`, {
      vpcId,
      serviceName: `com.amazonaws.${region}.${service}`,
      vpcEndpointType: "Interface",
      subnetIds: [...vpc.subnetIds],
      securityGroupIds: [endpoints.id],
      privateDnsEnabled: true,
    });
  }
}
