export const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const words = new Intl.Segmenter("th", { granularity: "word" });

/** Scripts that put no spaces between words. */
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** UTF-16 units of a word that pdfmake looks at as one: it takes the square of its length to find where to break it. */
const LONGEST = 100;

/** A word in parts between which a line may end as it does between words, each in pieces that are not too long. */
export function wordParts(word: string): string[][] {
  if (!UNSPACED.test(word)) return [pieces(word)];
  const parts: string[] = [];
  for (const { segment, isWordLike } of words.segment(word)) {
    if (isWordLike || parts.length === 0) parts.push(segment);
    else parts.push((parts.pop() ?? "") + segment);
  }
  return parts.map(pieces);
}

function pieces(word: string): string[] {
  if (word.length <= LONGEST) return [word];
  const result = [""];
  for (const { segment } of graphemes.segment(word)) {
    // A letter under hundreds of marks is a word too long as well.
    for (let at = 0; at < segment.length; at += LONGEST) {
      const piece = segment.slice(at, at + LONGEST);
      if ((result.at(-1) ?? "").length + piece.length > LONGEST) result.push(piece);
      else result.push((result.pop() ?? "") + piece);
    }
  }
  return result;
}
