export type QueryValue = string | number | undefined;
export type Query = Readonly<Record<string, QueryValue | readonly QueryValue[]>>;

/** All but the characters that RFC 3986 leaves unreserved, as AWS signatures ask for; a blank is `%20`, never `+`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `?name=value&…`, with one pair for each value of a list, or nothing. */
export function queryString(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => (one === undefined ? [] : [`${encode(name)}=${encode(String(one))}`])),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
