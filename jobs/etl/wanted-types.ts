import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { cleanName } from "./column-names.ts";
import type { ColumnType } from "./job-type.ts";

/**
 * The types that are asked for, by the index of their column. A key means the column with exactly this header; where there is
 * none, the one with this name.
 *
 * @param names unique, made from the headers.
 * @throws PermanentError "UnknownColumn" when a key means no column, and "AmbiguousColumn" when it can mean several of them, or two
 * keys ask one column for different types.
 */
export function wantedTypes(
  asked: Readonly<Record<string, ColumnType>>,
  headers: readonly string[],
  names: readonly string[],
): ReadonlyMap<number, ColumnType> {
  const columnsOf = (key: string): number[] => {
    const exact = [...headers.keys()].filter((index) => headers[index] === key);
    if (exact.length > 0) return exact;
    return [...headers.keys()].filter((index) => names[index] === key || cleanName(headers[index] ?? "", index) === key);
  };
  const types = new Map<number, ColumnType>();
  for (const [key, type] of Object.entries(asked)) {
    const [column, ...others] = columnsOf(key);
    if (column === undefined) throw refused("UnknownColumn", key, `the CSV has no such column, but ${names.join(", ")}`);
    if (others.length > 0) {
      const choices = [column, ...others].map((index) =>
        [headers[index] ?? "", names[index] ?? ""].find((choice) => columnsOf(choice).length === 1),
      );
      const allowed = choices.filter((choice) => choice !== undefined).map((choice) => JSON.stringify(choice));
      throw refused("AmbiguousColumn", key, `${choices.length} columns can be meant; allowed: ${allowed.join(", ")}`);
    }
    if ((types.get(column) ?? type) !== type) {
      throw refused("AmbiguousColumn", key, `another key asks the column ${JSON.stringify(headers[column])} for another type`);
    }
    types.set(column, type);
  }
  return types;
}

const refused = (code: string, key: string, problem: string): PermanentError =>
  new PermanentError(`columns.${key}: ${problem}`, { code });
