import { JOB_ID, LAST_JOB_ID } from "./job-id.ts";

/** A place in the order of jobs, the sort key of the indexes: `createdAt#id`. */
export const JOB_POSITION = new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z#${JOB_ID.pattern.source.slice(1)}`);

/** What a list has of places: the last of the page before, and times that bound them. */
export interface PlaceRange {
  readonly after?: string;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
}

/** A condition on the sort key, with its values. */
export interface PlaceCondition {
  readonly conditions: readonly string[];
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The places that a query asks for, as a condition on the sort key; undefined where there can be none. DynamoDB takes one condition, and
 * between two places both belong to it (API reference: Query).
 */
export function placesOf({ after, createdAfter, createdBefore }: PlaceRange): PlaceCondition | undefined {
  // A place begins with a time and `#`, which `$` follows: so no place is a bound that is a time.
  const from = createdAfter === undefined ? undefined : `${createdAfter}$`;
  const to = [after, createdBefore].filter((place) => place !== undefined).sort()[0];
  if (from !== undefined && to !== undefined) {
    if (from > to) return undefined;
    return { conditions: ["createdAtId BETWEEN :from AND :to"], values: { ":from": from, ":to": to } };
  }
  if (from !== undefined) return { conditions: ["createdAtId > :from"], values: { ":from": from } };
  if (to !== undefined) return { conditions: ["createdAtId < :to"], values: { ":to": to } };
  return { conditions: [], values: {} };
}

/**
 * The last sort key of a millisecond. The entry where a search stopped may be another owner's, whose ID a cursor must
 * not tell; from here on, the next page looks at its whole millisecond again.
 */
export function endOfMillisecond(createdAtId: string): string {
  return `${createdAtId.slice(0, createdAtId.indexOf("#"))}#${LAST_JOB_ID}`;
}
