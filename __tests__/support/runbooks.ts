import { readFileSync } from "node:fs";

const OPERATIONS = readFileSync("docs/operations.md", "utf8");

/**
 * The commands of a runbook of `docs/operations.md`, one text for each block, in their order.
 *
 * @param title without the word "Runbook".
 * @param names what stands in the document, and what is there instead: the longest first.
 * @throws Error where there is no such runbook.
 */
export function runbook(title: string, names: Readonly<Record<string, string>> = {}): string[] {
  const section = OPERATIONS.split(/^### Runbook: /m).find((text) => text.startsWith(`${title}\n`));
  if (section === undefined) throw new Error(`docs/operations.md has no runbook ${JSON.stringify(title)}`);
  return shellBlocks(section.split(/^##? /m)[0] ?? "").map((block) => renamed(block, names));
}

/** The blocks of shell commands in a document. Those within a list are indented. */
export function shellBlocks(text: string): string[] {
  return [...text.matchAll(/^( *)```sh\n(.*?)^ *```$/gms)].map(([, indent = "", code = ""]) =>
    code
      .split("\n")
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join("\n"),
  );
}

export function renamed(text: string, names: Readonly<Record<string, string>>): string {
  const longestFirst = Object.keys(names).sort((one, other) => other.length - one.length);
  return longestFirst.reduce((renaming, name) => renaming.replaceAll(name, names[name] ?? name), text);
}

/** The one block that has these words in it. @throws Error where none or several have. */
export function blockWith(blocks: readonly string[], words: string): string {
  const [block, ...others] = blocks.filter((text) => text.includes(words));
  if (block === undefined || others.length > 0)
    throw new Error(`${others.length + 1} blocks or none have ${JSON.stringify(words)}`);
  return block;
}
