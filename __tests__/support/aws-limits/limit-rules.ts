/** Says what a value must be, where it is not that. */
export type LimitRule = (value: unknown) => string | undefined;

function size(unit: string, sizeOf: (value: unknown) => number): (min: number, max: number) => LimitRule {
  return (min, max) => (value) => {
    const found = sizeOf(value);
    if (found >= min && found <= max) return undefined;
    return `${min} to ${max} ${unit}, not ${found}`;
  };
}

/** Of a text, in UTF-8. */
export const bytes = size("bytes", (value) => Buffer.byteLength(String(value)));

/** Of a list or a map. */
export const count = size("entries", (value) => Object.keys(value as object).length);

/** Of a number, or of the number that a text gives. */
export function range(min: number, max: number): LimitRule {
  return (value) => {
    const number = Number(value);
    return Number.isInteger(number) && number >= min && number <= max ? undefined : `${min} to ${max}, not ${value}`;
  };
}

/** All of a text is of the pattern. @param words say what that is. */
export function text(pattern: RegExp, words: string): LimitRule {
  return (value) => (pattern.test(String(value)) ? undefined : words);
}

/** No two elements of a list have the same. */
export function distinct(member: string): LimitRule {
  return (value) => {
    const all = (value as readonly Readonly<Record<string, unknown>>[]).map((element) => element[member]);
    return new Set(all).size === all.length ? undefined : `of elements that each have an ${member} of their own`;
  };
}

type Attribute = Readonly<Record<string, unknown>>;

/** Bytes of a message with its attributes: their names, types and values count. */
function messageBytes(body: unknown, attributes: unknown): number {
  const counted = Object.entries((attributes ?? {}) as Readonly<Record<string, Attribute>>).flatMap(
    ([name, { DataType, StringValue, BinaryValue }]) => [name, DataType, StringValue ?? BinaryValue],
  );
  return [body, ...counted].reduce<number>((sum, part) => sum + Buffer.byteLength(String(part ?? "")), 0);
}

/** Bytes of one message, or of all messages of a batch. */
export function wholeMessages(body: string, max: number): LimitRule {
  return (value) => {
    const messages = [value].flat() as readonly Readonly<Record<string, unknown>>[];
    const sum = messages.reduce((total, message) => total + messageBytes(message[body], message.MessageAttributes), 0);
    return sum <= max ? undefined : `at most ${max} bytes of messages with their attributes, not ${sum}`;
  };
}
