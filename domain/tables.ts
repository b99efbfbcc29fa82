/** An index of a table; both keys are of type string. */
export interface TableIndex {
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey: string;
  /** What it has beside the keys. */
  readonly attributes: readonly string[];
}

/** A table's keys, all of type string. */
interface TableKeys {
  readonly hashKey: string;
  readonly rangeKey?: string;
  /** Where DynamoDB reads when an item's time is up, in epoch seconds. */
  readonly ttl?: string;
  readonly indexes?: Readonly<Record<string, TableIndex>>;
}

/** The table of jobs with its indexes for listing, and the table in which job types register themselves. */
export const TABLES = {
  jobs: {
    hashKey: "id",
    ttl: "expiresAt",
    indexes: {
      byTypeAndStatus: { name: "by-type-and-status", hashKey: "typeStatus", rangeKey: "createdAtId", attributes: ["tags"] },
      byOwner: { name: "by-owner", hashKey: "owner", rangeKey: "createdAtId", attributes: ["tags"] },
    },
  },
  jobTypes: { hashKey: "registry", rangeKey: "name" },
} as const satisfies Record<string, TableKeys>;

/** The indexes of a table. */
export function indexesOf({ indexes = {} }: TableKeys): TableIndex[] {
  return Object.values(indexes);
}

/** The attributes that are keys of a table or of its indexes. */
export function keyAttributes(table: TableKeys): string[] {
  const keys = [table, ...indexesOf(table)].flatMap(({ hashKey, rangeKey }) => [hashKey, rangeKey]);
  return [...new Set(keys.filter((name) => name !== undefined))];
}
