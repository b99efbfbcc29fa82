/** The tables' keys, all of type string. */
interface TableKeys {
  readonly hashKey: string;
  readonly rangeKey?: string;
  /** Where DynamoDB reads when an item's time is up, in epoch seconds. */
  readonly ttl?: string;
  readonly index?: {
    readonly name: string;
    readonly hashKey: string;
    readonly rangeKey: string;
    readonly attributes: readonly string[];
  };
}

/** The table of jobs with its index for listing, and the table in which job types register themselves. */
export const TABLES = {
  jobs: {
    hashKey: "id",
    ttl: "expiresAt",
    index: { name: "by-type-and-status", hashKey: "typeStatus", rangeKey: "createdAtId", attributes: ["owner"] },
  },
  jobTypes: { hashKey: "registry", rangeKey: "name" },
} as const satisfies Record<string, TableKeys>;

/** The attributes that are keys of a table or of its index. */
export function keyAttributes({ hashKey, rangeKey, index }: TableKeys): string[] {
  return [hashKey, rangeKey, index?.hashKey, index?.rangeKey].filter((name) => name !== undefined);
}
