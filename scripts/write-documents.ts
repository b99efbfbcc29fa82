import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";

/** Documents by file, relative to the repository. */
export type Documents = Readonly<Record<string, string>>;

/**
 * The program of a command that writes documents. With `--check` it writes nothing.
 *
 * @param command as it is typed.
 * @param documents what they are to say.
 * @returns the exit code: 1 where a file that is checked says something else, 2 for other arguments.
 */
export async function writeDocuments(
  command: string,
  documents: () => Promise<Documents>,
  args: readonly string[] = process.argv.slice(2),
): Promise<0 | 1 | 2> {
  const isCheck = readCheck(args);
  if (isCheck === undefined) {
    console.error(`${command} takes no arguments but --check: whether the documents say what it would write`);
    return 2;
  }
  let code: 0 | 1 = 0;
  for (const [file, content] of Object.entries(await documents())) {
    if (!isCheck) await writeFile(file, content);
    else if ((await readFile(file, "utf8").catch(() => "")) !== content) {
      console.error(`${file} does not say what is so; run: ${command}`);
      code = 1;
    }
  }
  return code;
}

/** @returns undefined where there are other arguments. */
function readCheck(args: readonly string[]): boolean | undefined {
  try {
    return parseArgs({ args: [...args], options: { check: { type: "boolean", default: false } } }).values.check;
  } catch {
    return undefined;
  }
}
