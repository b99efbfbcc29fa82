/** Which events the on-complete Lambda is called for, as an SNS filter policy on message attributes. */
export const BATCH_EVENTS_FILTER = { kind: ["batch"] } as const;
