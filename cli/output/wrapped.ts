import stringWidth from "string-width";

/** Narrower, every word would stand alone. */
const LEAST_WIDTH = 20;

/** The lines of a text of words, none wider than so many columns but for a word that is. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && stringWidth(longer) > Math.max(LEAST_WIDTH, width)) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
