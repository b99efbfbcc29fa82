import type { AwsTry } from "../world/call-gate.ts";

/** What goes wrong with a try of a call to AWS, or with what AWS promises only "at least once" or "eventually". */
export const FAULT_KINDS = [
  /** No connection: AWS never hears of it. */
  "drop",
  /** It takes effect, and the answer never comes. */
  "execute then time out",
  /** The connection breaks, before or after it took effect. */
  "reset",
  "throttle",
  /** A 5xx, before or after it took effect. */
  "server error",
  /** It is long on its way; past the SDK's deadline it takes effect when nobody waits for it any more. */
  "delay",
  /** An eventually consistent read finds an older version. */
  "stale read",
  /** A received message is delivered to somebody else too. */
  "duplicate receive",
  /** A deleted message comes back. */
  "message back after delete",
  "stale receipt handle",
  "half-failed batch",
  /** SNS delivers an event twice. */
  "duplicate event",
  /** Subscribers get events in another order. */
  "reordered events",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Kinds that may befall a try of any operation, once the SDK has sent it. */
export const KINDS_ANYWHERE: readonly [FaultKind, ...FaultKind[]] = [
  "drop",
  "execute then time out",
  "reset",
  "throttle",
  "server error",
];

const KINDS_OF_OPERATION: Readonly<Record<string, readonly FaultKind[]>> = {
  ReceiveMessage: ["duplicate receive"],
  SendMessageBatch: ["half-failed batch"],
  DeleteMessageBatch: ["half-failed batch", "message back after delete"],
  ChangeMessageVisibilityBatch: ["half-failed batch", "stale receipt handle"],
  PublishBatch: ["half-failed batch", "duplicate event"],
};

/** Kinds that may befall this try because of what it asks for. */
export function ownKinds({ operation, input }: Pick<AwsTry, "operation" | "input">): readonly FaultKind[] {
  if (operation === "BatchGetItem") return isConsistent(input) ? [] : ["stale read"];
  return KINDS_OF_OPERATION[operation] ?? [];
}

/**
 * Whether it asks for a consistent read. The registry is read without one too, but none of its entries changes in a run, so
 * that an old version is the new one.
 */
function isConsistent({ RequestItems = {} }: AwsTry["input"]): boolean {
  return Object.values(RequestItems as Record<string, { readonly ConsistentRead?: boolean }>).some(
    ({ ConsistentRead = false }) => ConsistentRead,
  );
}
