/** JSON in a text, as newer runtimes read and write it (Node 22, Chrome 114, Firefox 135, Safari 18.4). */
interface NewerJson {
  rawJSON?(text: string): unknown;
  parse(text: string, revive: (name: string, value: unknown, context?: { readonly source?: string }) => unknown): unknown;
}

/**
 * Reads JSON so that `JSON.stringify` writes its numbers as they were: those that a double does not hold to the last digit stay text. In
 * older runtimes they are numbers.
 */
export function parseWithDigits(text: string): unknown {
  const json = JSON as NewerJson;
  return json.parse(text, (_, value, { source } = {}) =>
    typeof value === "number" && source !== undefined && source !== String(value) ? (json.rawJSON?.(source) ?? value) : value,
  );
}
