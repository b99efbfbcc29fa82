import { createInterface } from "node:readline/promises";
import { UsageError } from "../cli-error.ts";
import type { Cli } from "../verb.ts";

/**
 * Asks a person, who answers y or n; the answer is no unless it is yes.
 *
 * @throws UsageError where there is nobody to ask.
 */
export async function confirm(question: string, { stdin, out, signal }: Pick<Cli, "stdin" | "out" | "signal">): Promise<boolean> {
  if (stdin.isTTY !== true || !out.isInteractive) {
    throw new UsageError(`${question} Nobody is here to answer: give --yes, or --dry-run to see what it is about`);
  }
  const lines = createInterface({ input: stdin, output: process.stderr });
  // Of a terminal that is read line by line, Ctrl-C comes as a character.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
