import { UsageError } from "../cli-error.ts";
import type { Cli } from "../verb.ts";
import { readInput } from "./read-text.ts";

const BATCH_ID = /^[^_]+_batch_[0-9A-Za-z]+$/;

/**
 * IDs of jobs, each once; `-` stands for those that come in: by white space, or as the JSON lines that `jobs list` and `jobs add` write.
 *
 * @throws UsageError where there is none.
 */
export async function jobIds(given: readonly string[], cli: Pick<Cli, "stdin">): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const id of given) ids.push(...(id === "-" ? idsIn(await readInput("<id>", cli.stdin)) : [id]));
  const batch = ids.find((id) => BATCH_ID.test(id));
  if (batch !== undefined) throw new UsageError(`${batch} is a batch; see jobs batch --help`);
  if (ids.length === 0) throw new UsageError("no job is named: give its ID");
  return [...new Set(ids)];
}

function idsIn(text: string): string[] {
  return text.split("\n").flatMap((line) => (line.startsWith("{") ? [idOf(line)] : line.split(/\s+/).filter((id) => id !== "")));
}

function idOf(line: string): string {
  try {
    const { id } = JSON.parse(line) as { id?: unknown };
    if (typeof id === "string") return id;
  } catch {
    // Told below.
  }
  throw new UsageError(`a line that is piped in is no job: ${line.slice(0, 80)}`);
}
