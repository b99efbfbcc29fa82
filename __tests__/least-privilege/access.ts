import { allowedContextKeysForRequest, runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import { describeGrant } from "./grants.ts";
import type { Policies, Policy } from "./policies.ts";

/** Who asks: a role of an account, by its name, or an AWS service. */
export type Principal = { readonly role: string; readonly account?: string } | { readonly service: string };

export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** What AWS asks IAM before it carries a call out; one call may take several. */
export interface AccessRequest {
  readonly principal: Principal;
  readonly action: string;
  /** "*" for actions that support no resources. */
  readonly resource: string;
  /** Condition keys beyond those that every request has; several values where the key has several. */
  readonly context?: RequestContext;
  /** The resource's account, where there is a resource. @default the one that is asked about */
  readonly owner?: string;
  /** The VPC's endpoint that the call leaves through, such as "ecr.dkr". @default none */
  readonly throughEndpoint?: string;
}

export interface Access {
  readonly decision: "Allowed" | "ImplicitlyDenied" | "ExplicitlyDenied";
  /** Descriptions of the grants that took part in allowing it. */
  readonly used: readonly string[];
}

type Analysis = { readonly allowStatements: readonly { readonly explain: Explain }[] } | undefined;
type OneOrMany<T> = T | T[];
interface Explain {
  readonly identifier: string;
  readonly actions?: OneOrMany<{ readonly action: string; readonly matches: boolean }>;
  readonly resources?: OneOrMany<{ readonly resource: string; readonly matches: boolean }>;
  readonly conditions?: readonly { readonly values: OneOrMany<{ readonly value: string; readonly matches: boolean }> }[];
}

/**
 * Decides a request as IAM does: identity and resource policies of one account together, a key's policy as a limit, and that of
 * the endpoint that it passes, if any.
 *
 * @param accountId owner of every resource, unless the request says otherwise.
 * @throws Error when the request is none that AWS could make: an action that does not exist, or that lacks a condition key.
 */
export async function decide(policies: Policies, accountId: string, request: AccessRequest): Promise<Access> {
  const { principal, action, resource, owner = accountId, throughEndpoint } = request;
  const identity = "role" in principal ? policies.identity.get(principal.role) : undefined;
  const resourcePolicy =
    policies.resource.get(resource) ??
    policies.resource.get(ownerOf(resource)) ??
    (resource.includes(":kms:") ? defaultKeyPolicy(owner) : undefined);
  const endpoint = throughEndpoint === undefined ? undefined : policies.endpoint.get(throughEndpoint);
  const simulation: Simulation = {
    request: {
      principal: principalArn(principal, accountId),
      action,
      resource: { resource, accountId: owner },
      contextVariables: {
        "aws:SecureTransport": "true",
        ...("role" in principal ? { "aws:PrincipalAccount": principal.account ?? accountId } : {}),
        ...(resource === "*" ? {} : { "aws:ResourceAccount": owner }),
        ...(await knownContext(request)),
      },
    },
    identityPolicies: identity === undefined ? [] : [{ name: identity.name, policy: documentOf(identity) }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(resourcePolicy === undefined ? {} : { resourcePolicy: documentOf(resourcePolicy) }),
    ...(endpoint === undefined ? {} : { vpcEndpointPolicies: [{ name: endpoint.name, policy: documentOf(endpoint) }] }),
  };
  const answer = await runSimulation(simulation, {});
  if (answer.resultType !== "single" || (answer.result.ignoredContextKeys ?? []).length > 0) {
    throw new Error(`${JSON.stringify(request)} is no request that AWS could make: ${JSON.stringify(answer)}`);
  }
  const { identityAnalysis, resourceAnalysis } = answer.result.analysis;
  return {
    decision: answer.overallResult,
    used: [...usedGrants(identity, identityAnalysis), ...usedGrants(resourcePolicy, resourceAnalysis)],
  };
}

/** That of a key which is none of this Terraform's: the policies of its account decide (KMS: default key policy). */
function defaultKeyPolicy(account: string): Policy {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  return { name: "default", statements: [{ Sid: "Account", Effect: "Allow", Principal, Action: ["kms:*"], Resource: ["*"] }] };
}

/** The resource that a part of it belongs to: an object's bucket, an index's table. Others belong to themselves. */
export function ownerOf(arn: string): string {
  if (arn.includes(":s3:::")) return arn.split("/", 1)[0] ?? arn;
  if (arn.includes(":dynamodb:")) return arn.split("/index/", 1)[0] ?? arn;
  return arn.split(":log-stream:", 1)[0] ?? arn;
}

function principalArn(principal: Principal, accountId: string): string {
  if ("service" in principal) return principal.service;
  return `arn:aws:sts::${principal.account ?? accountId}:assumed-role/${principal.role}/session`;
}

/** Keys that end in a name of the caller's choice. The simulator knows such names after a slash only, so it gets them so. */
const OPEN_KEY = "kms:EncryptionContext:";
const SIMULATED_KEY = `aws:RequestTag/${OPEN_KEY}`;

async function knownContext({ action, resource, context = {} }: AccessRequest): Promise<Record<string, string | string[]>> {
  const [service = "", name = ""] = action.split(":");
  const open = Object.keys(context).filter((key) => key.startsWith(OPEN_KEY));
  if (open.length > 0) {
    const supported = await allowedContextKeysForRequest(service, name, resource, false, undefined);
    if (!supported.some((key) => key.startsWith(OPEN_KEY.toLowerCase()))) throw new Error(`${action} has no ${open[0]}`);
  }
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key.replace(OPEN_KEY, SIMULATED_KEY),
      typeof value === "string" ? value : [...value],
    ]),
  );
}

function documentOf({ statements }: Policy) {
  return JSON.parse(
    JSON.stringify({ Version: "2012-10-17", Statement: statements }).replaceAll(`"${OPEN_KEY}`, `"${SIMULATED_KEY}`),
  );
}

function usedGrants(policy: Policy | undefined, analysis: Analysis): string[] {
  if (policy === undefined) return [];
  return (analysis?.allowStatements ?? []).flatMap(
    ({ explain: { identifier: sid, actions = [], resources, conditions = [] } }) => {
      const matched = <T extends { readonly matches: boolean }>(all: OneOrMany<T>): T[] =>
        [all].flat().filter((one) => (one as T).matches) as T[];
      const listed = conditions
        .filter(({ values }) => Array.isArray(values) && values.length > 1)
        .flatMap(({ values }) => matched(values));
      return matched(actions).flatMap(({ action }) =>
        (resources === undefined ? [undefined] : matched(resources).map(({ resource }) => resource)).flatMap((resource) =>
          (listed.length === 0 ? [undefined] : listed.map(({ value }) => value)).map((value) =>
            describeGrant({ policy: policy.name, sid, action, resource, value }),
          ),
        ),
      );
    },
  );
}
