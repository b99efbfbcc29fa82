import { withEndedAttempt } from "./ended-attempts.ts";
import type { JobVersion } from "./job-store.ts";
import { listPartitionIn, typeStatusKey } from "./list-partitions.ts";
import { valueFrom } from "./transition-values.ts";
import { type Guard, TRANSITIONS, type Transition, type TransitionName, type TransitionValues } from "./transitions.ts";

/** The expressions of a DynamoDB `UpdateItem`. */
export interface UpdateExpressions {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

/**
 * Compiles a transition of a job of `type` at `version` to the one conditional update that makes it.
 *
 * @param replaced without `createdAt` it is any job of its ID; what ends an attempt tells of it where it is the whole job. `typeStatus` is
 *   undefined for a claim alone, which needs no read: the item says where it is listed then.
 */
export function transitionUpdate(
  replaced: Omit<JobVersion, "id">,
  name: TransitionName,
  values: TransitionValues,
): UpdateExpressions {
  const { type, version, createdAt, typeStatus } = replaced;
  const transition: Transition = TRANSITIONS[name];
  const names: Record<string, string> = {};
  const bound: Record<string, unknown> = {};
  const attribute = (key: string): string => {
    names[`#${key}`] = key;
    return `#${key}`;
  };
  const value = (key: string, content: unknown): string => {
    bound[`:${key}`] = content;
    return `:${key}`;
  };

  const conditions = [
    `${attribute("status")} = ${value("from", transition.from)}`,
    `${attribute("type")} = ${value("type", type)}`,
    `${attribute("version")} = ${value("version", version)}`,
    ...(createdAt === undefined ? [] : [`${attribute("createdAt")} = ${value("createdAt", createdAt)}`]),
    ...transition.guards.map((guard) => condition(guard, values, attribute, value)),
  ];
  const listedAs = value("typeStatus", typeStatusKey(type, transition.to, listPartitionIn(typeStatus)));
  const sets = [
    `${attribute("status")} = ${value("to", transition.to)}`,
    `${attribute("typeStatus")} = ${typeStatus === undefined ? `if_not_exists(${attribute("claimedTypeStatus")}, ${listedAs})` : listedAs}`,
    `${attribute("version")} = ${value("nextVersion", version + 1)}`,
    `${attribute("updatedAt")} = ${value("time", valueFrom("time", values))}`,
    `${attribute("lastWriteId")} = ${value("writeId", values.writeId)}`,
  ];
  const removes: string[] = [];
  for (const change of transition.changes) {
    if ("remove" in change) {
      removes.push(attribute(change.remove));
    } else if ("increment" in change) {
      sets.push(`${attribute(change.increment)} = ${attribute(change.increment)} + ${value("one", 1)}`);
    } else if ("append" in change) {
      const attempts = withEndedAttempt(replaced, change.outcome, values);
      if (attempts !== undefined) sets.push(`${attribute(change.append)} = ${value(change.append, attempts)}`);
    } else {
      const content = valueFrom(change.from, values);
      if (content === undefined) continue;
      const source = value(change.from, content);
      if ("set" in change) sets.push(`${attribute(change.set)} = ${source}`);
      else sets.push(`${attribute(change.setOnce)} = if_not_exists(${attribute(change.setOnce)}, ${source})`);
    }
  }
  return {
    UpdateExpression: `SET ${sets.join(", ")}${removes.length > 0 ? ` REMOVE ${removes.join(", ")}` : ""}`,
    ConditionExpression: conditions.join(" AND "),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: bound,
  };
}

function condition(
  guard: Guard,
  values: TransitionValues,
  attribute: (key: string) => string,
  value: (key: string, content: unknown) => string,
): string {
  switch (guard.is) {
    case "absent":
      return `attribute_not_exists(${attribute(guard.attribute)})`;
    case "present":
      return `attribute_exists(${attribute(guard.attribute)})`;
    case "held":
      return `${attribute(guard.attribute)} = ${value("heldAttempt", values.attempt)}`;
    case "past":
      return `${attribute(guard.attribute)} < ${value("now", values.now)}`;
    case "due": {
      const name = attribute(guard.attribute);
      return `(attribute_not_exists(${name}) OR ${name} <= ${value("time", valueFrom("time", values))})`;
    }
  }
}
