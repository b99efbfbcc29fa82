import type { Statement } from "../modules/synthesized.ts";
import type { Policies, Policy } from "./policies.ts";

/** The least that a statement allows: one action, on one resource, and with one of the values that its condition lists. */
export interface Grant {
  readonly policy: string;
  readonly sid: string;
  readonly action: string;
  /** Undefined in trust policies. */
  readonly resource: string | undefined;
  /** Undefined where no condition offers a choice. */
  readonly value: string | undefined;
}

/** Every grant of every policy; an endpoint's policy is a bound, and grants nothing. */
export function grantsOf({ identity, resource }: Policies): Grant[] {
  return [...identity.values(), ...resource.values()].flatMap(grantsOfPolicy);
}

function grantsOfPolicy({ name, statements }: Policy): Grant[] {
  return statements
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap((statement) =>
      statement.Action.flatMap((action) =>
        (statement.Resource ?? [undefined]).flatMap((resource) =>
          (choice(statement)?.values ?? [undefined]).map((value) => ({
            policy: name,
            sid: statement.Sid,
            action,
            resource,
            value,
          })),
        ),
      ),
    );
}

/** What tells grants apart, for people too. */
export function describeGrant({ policy, sid, action, resource, value }: Grant): string {
  return `${policy} ${sid}: ${action}${resource === undefined ? "" : ` on ${resource}`}${value === undefined ? "" : ` via ${value}`}`;
}

/** A policy without one grant: everything else that the statement allows stays. */
export function withoutGrant(policy: Policy, grant: Grant): Policy {
  const statements = policy.statements.flatMap((statement) => {
    if (statement.Sid !== grant.sid || statement.Effect === "Deny") return [statement];
    const { resource, value } = grant;
    const onlyAction = { ...statement, Action: [grant.action] };
    const onlyResource = resource === undefined ? onlyAction : { ...onlyAction, Resource: [resource] };
    return [
      { ...statement, Action: statement.Action.filter((action) => action !== grant.action) },
      ...(resource === undefined ? [] : [{ ...onlyAction, Resource: (statement.Resource ?? []).filter((r) => r !== resource) }]),
      ...(value === undefined ? [] : [withoutValue(onlyResource, value)]),
    ]
      .filter(({ Action, Resource }) => Action.length > 0 && Resource?.length !== 0)
      .map((part, index) => ({ ...part, Sid: `${part.Sid}${index}` }));
  });
  return { ...policy, statements };
}

interface Choice {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** The condition of a statement that lists several values, any of which will do. */
function choice({ Sid, Condition = {} }: Statement): Choice | undefined {
  const [found, ...others] = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) =>
      Array.isArray(values) && values.length > 1 ? [{ operator, key, values: values as string[] }] : [],
    ),
  );
  if (others.length > 0) throw new Error(`${Sid} has several conditions with a choice of values`);
  return found;
}

function withoutValue(statement: Statement, value: string): Statement {
  const { operator, key, values } = choice(statement) as Choice;
  const Condition = {
    ...statement.Condition,
    [operator]: { ...statement.Condition?.[operator], [key]: values.filter((other) => other !== value) },
  };
  return { ...statement, Condition };
}
