/** Characters of WinAnsi beyond Latin-1, which PDF's standard fonts have (PDF 1.7, annex D). */
const EXTRA = new Set("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ");
/** Characters that have a plain twin, spaces by their code: narrow, thin and hyphen that does not break. */
const REPLACED: Readonly<Record<string, string>> = {
  "\t": "    ",
  "\u2009": " ",
  "\u202F": " ",
  "\u2011": "-",
  "\u2212": "-",
  "→": "->",
  "≥": ">=",
  "≤": "<=",
};

/** A text as the standard fonts can print it: letters lose accents that WinAnsi lacks, other characters become "?". */
export function printable(text: string): string {
  return Array.from(text, (character) => {
    if (REPLACED[character] !== undefined) return REPLACED[character];
    if (isPrintable(character)) return character;
    const base = character.normalize("NFKD").replace(/\p{M}/gu, "");
    return base !== "" && Array.from(base).every(isPrintable) ? base : /\p{M}|\p{Cf}/u.test(character) ? "" : "?";
  }).join("");
}

function isPrintable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return character === "\n" || (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) || EXTRA.has(character);
}
