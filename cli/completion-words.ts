import { COMMON_OPTIONS } from "./program.ts";
import type { Completes, OptionSpec, Verb } from "./verb.ts";

/** What the shell is told where it is to complete names of files itself. */
export const FILES_WORD = ":files";

const HELP: OptionSpec = { flags: "-h, --help", description: "help" };

/**
 * The words that may stand at the end of a command line.
 *
 * @param words those after `jobs`; the last is the one that is being written, and may be empty.
 * @param jobTypes asks for the names of job types.
 */
export async function completions(
  verbs: readonly Verb[],
  words: readonly string[],
  jobTypes: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const current = words.at(-1) ?? "";
  const listed = verbs.filter(({ hidden }) => hidden !== true).map(({ name }) => name.split(" "));
  if (words.length <= 1) return starting(["help", ...listed.map(([first = ""]) => first)], current);
  const [first, second] = words;
  const inGroup = listed.filter((name) => name[0] === first && name.length === 2);
  if (inGroup.length > 0 && words.length === 2)
    return starting(
      inGroup.map(([, name = ""]) => name),
      current,
    );
  const verb = verbs.find(({ name }) => name === (inGroup.length > 0 ? `${first} ${second}` : first));
  if (verb === undefined) return [];
  const before = words.slice(inGroup.length > 0 ? 2 : 1, -1);
  const options = [...(verb.options ?? []), ...COMMON_OPTIONS, HELP];
  const asked = valueOption(before.at(-1), options);
  if (asked !== undefined) return await valuesOf(asked.choices ?? asked.completes, current, jobTypes);
  if (current.startsWith("-")) return starting(options.map(longFlag), current);
  const position = before.filter(
    (word, index) => !word.startsWith("-") && valueOption(before[index - 1], options) === undefined,
  ).length;
  return await valuesOf(verb.arguments?.[Math.min(position, verb.arguments.length - 1)]?.completes, current, jobTypes);
}

/** The option that a word is, where it takes a value. */
function valueOption(word: string | undefined, options: readonly OptionSpec[]): OptionSpec | undefined {
  return options.find(({ flags }) => flags.includes("<") && flags.split(/[ ,]+/).includes(word ?? ""));
}

async function valuesOf(
  completes: Completes | undefined,
  current: string,
  jobTypes: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  if (completes === undefined) return [];
  if (completes === "files") return [FILES_WORD];
  return starting(completes === "jobTypes" ? await jobTypes() : completes, current);
}

function starting(words: readonly string[], current: string): readonly string[] {
  return [...new Set(words)].filter((word) => word.startsWith(current));
}

function longFlag({ flags }: OptionSpec): string {
  return flags.split(/[ ,]+/).find((flag) => flag.startsWith("--")) ?? flags;
}
