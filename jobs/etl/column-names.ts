const MAX_CHARACTERS = 100;
/** Of a header, what a name is made from: some characters become as many as 18 of them. */
const READ_CHARACTERS = 1_000;

/** A name for each header, in snake case: none is empty, and none is there twice. */
export function columnNames(headers: readonly string[]): string[] {
  const names = headers.map(cleanName);
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let suffix = 2; taken.has(unique) || (unique !== name && names.includes(unique)); suffix++) unique = `${name}_${suffix}`;
    taken.add(unique);
    return unique;
  });
}

/** A header's name, which others may have, too. */
export const cleanName = (header: string, index: number): string => snakeCase(header) || `column_${index + 1}`;

/** `Airport Name` → `airport_name`, `tempMax` → `temp_max`, `US_Gross ($)` → `us_gross`. Letters of any script stay. */
function snakeCase(header: string): string {
  const words = header
    .slice(0, READ_CHARACTERS)
    .normalize("NFKC")
    .replace(/(\p{Ll}|\p{N})(\p{Lu}\p{Ll})|(\p{Ll})(\p{Lu})/gu, "$1$3_$2$4")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "_");
  return [...words].slice(0, MAX_CHARACTERS).join("").replace(/^_|_$/g, "");
}
