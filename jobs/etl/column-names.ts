const MAX_CHARACTERS = 100;

/** A name for each header, in snake case: none is empty, and none is there twice. */
export function columnNames(headers: readonly string[]): string[] {
  const names = headers.map((header, index) => snakeCase(header) || `column_${index + 1}`);
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let suffix = 2; taken.has(unique) || (unique !== name && names.includes(unique)); suffix++) unique = `${name}_${suffix}`;
    taken.add(unique);
    return unique;
  });
}

/** `Airport Name` → `airport_name`, `tempMax` → `temp_max`, `US_Gross ($)` → `us_gross`. Letters of any script stay. */
function snakeCase(header: string): string {
  const words = header
    .normalize("NFKC")
    .replace(/(\p{Ll}|\p{N})(\p{Lu}\p{Ll})|(\p{Ll})(\p{Lu})/gu, "$1$3_$2$4")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "_");
  return [...words].slice(0, MAX_CHARACTERS).join("").replace(/^_|_$/g, "");
}
