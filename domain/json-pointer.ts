/** A JSON pointer (RFC 6901): a slash before each key, `~` and `/` within keys escaped. */
export function jsonPointer(path: readonly (string | number)[]): string {
  return path.map((key) => `/${escapeKey(String(key))}`).join("");
}

function escapeKey(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
