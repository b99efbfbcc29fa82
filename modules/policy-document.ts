/** One statement of a policy. A condition maps an operator to keys and values, as in IAM. */
export interface PolicyStatement {
  readonly sid: string;
  /** @default "Allow" */
  readonly effect?: "Allow" | "Deny";
  /** Of resource policies and trust policies only. */
  readonly principal?: "*" | { readonly AWS: string | readonly string[] } | { readonly Service: string };
  readonly actions: readonly string[];
  /** Absent in trust policies. */
  readonly resources?: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The JSON of an IAM policy, version 2012-10-17: any older version reads `${...}` variables as text. */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ sid, effect = "Allow", principal, actions, resources, condition }) => ({
      Sid: sid,
      Effect: effect,
      ...(principal === undefined ? {} : { Principal: principal }),
      Action: actions,
      ...(resources === undefined ? {} : { Resource: resources }),
      ...(condition === undefined ? {} : { Condition: condition }),
    })),
  });
}

/** Refuses whatever does not come over TLS. @param actions everything that the service knows, such as `sqs:*`. */
export function denyWithoutTls(actions: string, resources: readonly string[]): PolicyStatement {
  return {
    sid: "DenyWithoutTls",
    effect: "Deny",
    principal: "*",
    actions: [actions],
    resources,
    condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/**
 * A condition on the keys of a table that a call names: each must be like the pattern. A call that names none is refused, as
 * `ForAllValues` holds of no values.
 */
export function keysLike(pattern: string): NonNullable<PolicyStatement["condition"]> {
  return {
    "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [pattern] },
    Null: { "dynamodb:LeadingKeys": "false" },
  };
}
