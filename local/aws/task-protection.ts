import type { Fleet } from "./fleet.ts";

/** An answer of ECS or its agent, as JSON. */
export interface EcsAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface ProtectionRequest {
  readonly taskId: string;
  readonly taskArn: string;
  /** PUT sets the state, any other reads it. */
  readonly method: string;
  /** Of a PUT: `{ ProtectionEnabled, ExpiresInMinutes? }`. */
  readonly body: unknown;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Minutes that a protection lasts: 1 to 2,880, by default 120 (Amazon ECS: task scale-in protection endpoint). */
const MINUTES = { min: 1, max: 2_880, default: 120 };

/** Answers `$ECS_AGENT_URI/task-protection/v1/state` as the ECS agent does: a refusal is a 200 with a `failure`. */
export function taskProtection(fleet: Fleet, { taskId, taskArn, method, body, now }: ProtectionRequest): EcsAnswer {
  const error = (status: number, Code: string, Message: string): EcsAnswer => ({
    status,
    body: { requestID: taskId, error: { Arn: taskArn, Code, Message } },
  });
  if (fleet.protectedUntil(taskId) === undefined) return error(404, "ResourceNotFoundException", "the task does not run");
  if (method === "PUT") {
    const { ProtectionEnabled, ExpiresInMinutes = MINUTES.default } = (body ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof ProtectionEnabled !== "boolean")
      return error(400, "InvalidParameterException", "ProtectionEnabled is true or false");
    if (typeof ExpiresInMinutes !== "number" || !(ExpiresInMinutes >= MINUTES.min && ExpiresInMinutes <= MINUTES.max)) {
      return error(400, "InvalidParameterException", `ExpiresInMinutes is a number from ${MINUTES.min} to ${MINUTES.max}`);
    }
    if (!fleet.protect(taskId, ProtectionEnabled ? now + ExpiresInMinutes * 60_000 : 0)) {
      return { status: 200, body: { requestID: taskId, failure: { Arn: taskArn, Detail: null, Reason: "DEPLOYMENT_BLOCKED" } } };
    }
  }
  const until = fleet.protectedUntil(taskId) ?? 0;
  const protection = {
    ...(until > now ? { ExpirationDate: new Date(until).toISOString() } : {}),
    ProtectionEnabled: until > now,
    TaskArn: taskArn,
  };
  return { status: 200, body: { requestID: taskId, protection } };
}
