import type { AssumedRoleOwner } from "@autoscaling-job-queues/domain/environment";

/** Who calls, as API Gateway's authorizers say it: IAM, a JWT authorizer, or a Lambda authorizer. It is one of them. */
export interface Authorizer {
  readonly iam?: {
    readonly userArn?: string | null;
    readonly cognitoIdentity?: { readonly identityId?: string | null; readonly identityPoolId?: string | null } | null;
  } | null;
  readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> | null } | null;
  readonly lambda?: Readonly<Record<string, unknown>> | null;
}

/**
 * The longest principal, in bytes: the owner is a key of an index (DynamoDB quotas: partition keys of 2,048), after `31#` at most. IAM's longest ARNs and the subjects
 * of every known issuer are shorter (IAM quotas, OpenID Connect).
 */
const MAX_BYTES = 2_045;

/** An assumed role's ARN names the role without its path (IAM identifiers), then the session. */
const ASSUMED_ROLE = /^(arn:[^:/]+:sts::\d{12}:assumed-role\/[^/]+)\/[^/]+$/;

/**
 * The authenticated principal, after the kind of its authorizer, so that no name of one kind is a name of another:
 *
 * - `iam:<ARN>`, of an assumed role `iam:arn:aws:sts::<account>:assumed-role/<role>`, with the session only where asked for;
 * - `cognito:<identity ID>`: all identities of an identity pool have one ARN, that of their role;
 * - `jwt:<subject>`;
 * - `lambda:<principalId>`, from the context of a Lambda authorizer.
 *
 * Undefined where the authorizer names nobody, or nobody that can be kept as named: half a surrogate pair would become another
 * character in the table, and so another principal.
 */
export function principalOf(authorizer: Authorizer | null | undefined, assumedRoleOwner: AssumedRoleOwner): string | undefined {
  const { iam, jwt, lambda } = authorizer ?? {};
  const { identityId, identityPoolId } = iam?.cognitoIdentity ?? {};
  if (identityId || identityPoolId) return named("cognito", identityId);
  if (iam) return named("iam", assumedRoleOwner === "role" ? roleOf(iam.userArn) : iam.userArn);
  if (jwt) return named("jwt", jwt.claims?.sub);
  return named("lambda", lambda?.principalId);
}

function named(kind: string, name: unknown): string | undefined {
  if (typeof name !== "string" || name === "" || !name.isWellFormed()) return undefined;
  const principal = `${kind}:${name}`;
  return Buffer.byteLength(principal) <= MAX_BYTES ? principal : undefined;
}

function roleOf(arn: unknown): unknown {
  return typeof arn === "string" ? (ASSUMED_ROLE.exec(arn)?.[1] ?? arn) : arn;
}
