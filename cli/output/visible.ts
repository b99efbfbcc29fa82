/**
 * Characters that a terminal acts on: controls, and marks that turn the direction of text. A job's texts are others' texts, and may move the
 * cursor, rename the window, or look like lines that they are not.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const ACTING = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const SPACES: Readonly<Record<string, string>> = { "\n": " ", "\r": " ", "\t": " " };

/** A text for one line of a terminal: what would act on it stands there as its code. */
export function visible(text: string): string {
  return text.toWellFormed().replace(ACTING, (character) => SPACES[character] ?? escaped(character));
}

/** The same of a text of several lines, such as a stack. */
export function visibleLines(text: string): string {
  return text.split(/\r?\n/).map(visible).join("\n");
}

/** Colors and the like: they change how text looks, and nothing else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: sequences of a terminal begin with one.
const STYLE = /(\u001b\[[\d;]*m)/;

/** A line that may be styled: all else that would act on a terminal stands there as its code, whichever part of the line it came with. */
export function visibleStyled(line: string): string {
  // Of a split by what is captured, every second part is a style.
  return line
    .split(STYLE)
    .map((part, index) => (index % 2 === 1 ? part : visible(part)))
    .join("");
}

/** JSON for a terminal: the same value, with what acts on a terminal as escapes. JSON itself has the controls up to U+001F so. */
export function visibleJson(json: string): string {
  return json.replace(ACTING, (character) => (character === "\n" ? character : escaped(character)));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
