import type { Example } from "./verb.ts";

/** The examples at the end of a verb's help. */
export function exampleLines(examples: readonly Example[]): string {
  return `\nExamples:\n${examples.map(({ command, does }) => `  # ${does}\n  $ ${command}`).join("\n")}`;
}
