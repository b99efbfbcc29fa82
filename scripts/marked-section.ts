/**
 * The document with this content between its lines `<!-- <name>:begin -->` and `<!-- <name>:end -->`.
 *
 * @param file is named in the error.
 * @throws Error when a line is missing.
 */
export function withSection(file: string, name: string, document: string, content: string): string {
  const [opening, closing] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [begin, end] = [document.indexOf(opening), document.indexOf(closing)];
  if (begin === -1 || end < begin) throw new Error(`${file} needs the lines ${opening} and ${closing}, in this order`);
  return `${document.slice(0, begin + opening.length)}\n${content}\n${document.slice(end)}`;
}
