/** From which version of `hashicorp/aws` on something is known (its changelog). */
const KNOWN_SINCE = {
  "nodejs22.x": [5, 78],
  "nodejs24.x": [6, 19],
  /** Zones of ECS services are rebalanced unless told otherwise. */
  "zone-rebalancing": [6, 0],
  /** `blocked_encryption_types` of a bucket's encryption. */
  "blocked-encryption": [6, 22],
} as const;

/** Whether every version of a range knows something: whether the lowest does. */
export function providerKnows(range: string, feature: keyof typeof KNOWN_SINCE): boolean {
  const [major, minor] = KNOWN_SINCE[feature];
  const lower = range.split(",").flatMap((part) => {
    const [, operator = "", version = ""] = /^\s*(!=|>=?|<=?|~>|=)?\s*([\d.]+)\s*$/.exec(part) ?? [];
    return operator.startsWith("<") || operator === "!=" ? [] : [version.split(".").map(Number)];
  });
  return lower.some(([atLeast = 0, then = 0]) => atLeast > major || (atLeast === major && then >= minor));
}
