import { UsageError } from "../cli-error.ts";

/** `key:value` pairs, as tags are written; the value may have colons. @throws UsageError */
export function tagsOf(pairs: readonly string[] | undefined): { tags?: Readonly<Record<string, string>> } {
  if (pairs === undefined) return {};
  return { tags: record(pairs, ":", "--tag", "key:value, such as team:docs") };
}

/** `name=path` pairs. @throws UsageError */
export function fileNamesOf(pairs: readonly string[] | undefined): Readonly<Record<string, string>> {
  return record(pairs ?? [], "=", "--file", "name=path, such as data=orders.csv");
}

function record(pairs: readonly string[], separator: string, option: string, allowed: string): Readonly<Record<string, string>> {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf(separator);
    if (at <= 0) throw new UsageError(`${option} is ${JSON.stringify(pair)}; allowed: ${allowed}`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  const names = entries.map(([name]) => name);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) throw new UsageError(`${option} names ${JSON.stringify(double)} twice`);
  return Object.fromEntries(entries);
}
