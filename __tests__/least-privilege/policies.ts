import type { Statement } from "../modules/synthesized.ts";
import type { DeployedResource, Deployment } from "./deployment.ts";

/** A policy with its references resolved. */
export interface Policy {
  /** Stack and address, so that a report leads to the code. */
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** Every policy that decides about a request. */
export interface Policies {
  /** Of roles, by the role's name. */
  readonly identity: ReadonlyMap<string, Policy>;
  /** Of queues, topics, buckets, keys, functions, and the trust of roles; by ARN. */
  readonly resource: ReadonlyMap<string, Policy>;
  /** Of the VPC's endpoints, by what follows the region in their service's name: bounds of what passes them, and no grants. */
  readonly endpoint: ReadonlyMap<string, Policy>;
}

/** Where resource policies stand in Terraform: the resource that has it, and the ARN that it is about. */
const RESOURCE_POLICIES: Readonly<
  Record<string, { readonly attribute: string; readonly arn: (deployment: Deployment, policy: DeployedResource) => string }>
> = {
  aws_iam_role: { attribute: "assume_role_policy", arn: (_, { arn = "" }) => arn },
  aws_kms_key: { attribute: "policy", arn: (_, { arn = "" }) => arn },
  aws_sns_topic_policy: { attribute: "policy", arn: (deployment, policy) => text(deployment, policy, "arn") },
  aws_s3_bucket_policy: {
    attribute: "policy",
    arn: (deployment, policy) => `arn:aws:s3:::${text(deployment, policy, "bucket")}`,
  },
  aws_sqs_queue_policy: {
    attribute: "policy",
    arn: (deployment, policy) => {
      const url = text(deployment, policy, "queue_url");
      return arnWhere(deployment, "aws_sqs_queue", ({ name }) => url.endsWith(`/${name}`));
    },
  },
};

function text(deployment: Deployment, { stack, attributes }: DeployedResource, attribute: string): string {
  return deployment.resolve(stack, attributes[attribute]);
}

function arnWhere(
  deployment: Deployment,
  type: string,
  condition: (attributes: DeployedResource["attributes"]) => boolean,
): string {
  return deployment.resources(type).find(({ attributes }) => condition(attributes))?.arn ?? "";
}

/** Collects the policies of all stacks. */
export function policiesOf(deployment: Deployment): Policies {
  const parse = (resource: DeployedResource, attribute: string): Policy => ({
    name: `${resource.stack}: ${resource.type}.${resource.id}`,
    statements: JSON.parse(text(deployment, resource, attribute)).Statement,
  });
  const identity = deployment
    .resources("aws_iam_role_policy")
    .map((resource) => [text(deployment, resource, "role"), parse(resource, "policy")] as const);
  const resource = Object.entries(RESOURCE_POLICIES).flatMap(([type, { attribute, arn }]) =>
    deployment.resources(type).map((found) => [arn(deployment, found), parse(found, attribute)] as const),
  );
  const endpoint = deployment
    .resources("aws_vpc_endpoint")
    .filter(({ attributes }) => attributes.policy !== undefined)
    .map((found) => [text(deployment, found, "service_name").split(".").slice(3).join("."), parse(found, "policy")] as const);
  return {
    identity: new Map(identity),
    resource: new Map([...resource, ...invocationPolicies(deployment)]),
    endpoint: new Map(endpoint),
  };
}

/** Lambda permissions, as the statement that Lambda adds to its function's policy (AWS::Lambda::Permission). */
function invocationPolicies(deployment: Deployment): [string, Policy][] {
  return deployment.resources("aws_lambda_permission").map((permission) => {
    const { statement_id: Sid, action, principal: Service } = permission.attributes;
    const functionName = text(deployment, permission, "function_name");
    const arn = arnWhere(deployment, "aws_lambda_function", ({ function_name }) => function_name === functionName);
    const statement: Statement = {
      Sid,
      Effect: "Allow",
      Principal: { Service },
      Action: [action],
      Resource: [arn],
      Condition: { ArnLike: { "aws:SourceArn": text(deployment, permission, "source_arn") } },
    };
    return [arn, { name: `${permission.stack}: ${permission.type}.${permission.id}`, statements: [statement] }];
  });
}

/** The endpoints that calls of an action may leave through. */
export function endpointsOf({ endpoint }: Policies, action: string): string[] {
  const [prefix] = action.split(":", 1);
  return [...endpoint.keys()].filter((name) => name.split(".", 1)[0] === prefix);
}

/** The same policies with one of them changed. */
export function withPolicy(policies: Policies, name: string, change: (policy: Policy) => Policy): Policies {
  const changed = (all: ReadonlyMap<string, Policy>) =>
    new Map([...all].map(([owner, policy]) => [owner, policy.name === name ? change(policy) : policy]));
  return { ...policies, identity: changed(policies.identity), resource: changed(policies.resource) };
}
