import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group/index.js";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint/index.js";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js";
import type { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { endpointServiceName } from "./endpoint-names.ts";
import { partitionOf } from "./names.ts";
import type { OwnVpc } from "./own-vpc.ts";
import { type PolicyStatement, policyDocument } from "./policy-document.ts";

/** Free, and worth having in every network: image layers come from S3, and most calls go to DynamoDB. */
const GATEWAY_SERVICES = ["s3", "dynamodb"] as const;

/** What a task without a way to the internet calls: its image, its logs, its queue and the events topic. */
const INTERFACE_SERVICES = ["ecr.api", "ecr.dkr", "logs", "sqs", "sns"] as const;

const OWN_SERVICES: readonly string[] = [...GATEWAY_SERVICES, ...INTERFACE_SERVICES];

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
      serviceName: endpointServiceName(region, service),
      vpcEndpointType: "Gateway",
      routeTableIds: [vpc.routeTableId],
      ...bound(service, environment),
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
  const others = network.services.filter((service) => !OWN_SERVICES.includes(service));
  for (const service of [...INTERFACE_SERVICES, ...others]) {
    new VpcEndpoint(scope, `${service.replaceAll(".", "-")}-endpoint`, {
      vpcId,
      serviceName: endpointServiceName(region, service),
      vpcEndpointType: "Interface",
      subnetIds: [...vpc.subnetIds],
      securityGroupIds: [endpoints.id],
      privateDnsEnabled: true,
      ...bound(service, environment),
    });
  }
}

/**
 * The most that an endpoint of a network without another way out lets through: principals of this account, on resources of this
 * account. It grants nothing: the task's role says what a task may do. Without it, a task with someone else's credentials could
 * carry data into someone else's account. In networks with a way to the internet it would prevent nothing, and only surprise.
 */
function bound(service: string, environment: Environment): { readonly policy?: string } {
  const { accountId, network } = environment;
  if (network.kind !== "private-with-endpoints") return {};
  const [prefix = service] = service.split(".");
  const account: PolicyStatement = {
    sid: "OwnPrincipalsOnOwnResources",
    principal: "*",
    // An endpoint passes on the calls of its own service; that of another may have another name in policies.
    actions: [OWN_SERVICES.includes(service) ? `${prefix}:*` : "*"],
    resources: ["*"],
    condition: { StringEquals: { "aws:PrincipalAccount": accountId, "aws:ResourceAccount": accountId } },
  };
  return { policy: policyDocument([account, ...beyond(prefix, environment)]) };
}

/** What starting a task takes besides: the two parts of pulling an image that are not resources of this account. */
function beyond(prefix: string, { accountId, region }: Environment): readonly PolicyStatement[] {
  if (prefix === "ecr") {
    return [
      {
        // For the caller's own registry; the action has no resource that would say whose it is.
        sid: "OwnPrincipalsLogIn",
        principal: "*",
        actions: ["ecr:GetAuthorizationToken"],
        resources: ["*"],
        condition: { StringEquals: { "aws:PrincipalAccount": accountId } },
      },
    ];
  }
  if (prefix === "s3") {
    return [
      {
        // Layers of images lie in a bucket of AWS's, and ECR signs their links with an account of its own (ECR: VPC endpoints).
        sid: "ImageLayers",
        principal: "*",
        actions: ["s3:GetObject"],
        resources: [`arn:${partitionOf(region)}:s3:::prod-${region}-starport-layer-bucket/*`],
      },
    ];
  }
  return [];
}
