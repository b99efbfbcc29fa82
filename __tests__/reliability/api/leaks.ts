/** What nothing but the inside of the system is called, or looks like. */
const INSIDE: readonly RegExp[] = [
  /node_modules/,
  /\.(?:ts|mjs|cjs|js):\d+/,
  /\bat [\w.<>]+ \(/,
  /\b\w*(?:Exception|TypeError|RangeError|ReferenceError|SyntaxError|AggregateError|SettingsError)\b/,
  /arn:aws[\w-]*:/,
  /https?:\/\/(?:127\.0\.0\.1|localhost)/,
  /\b(?:dynamo\w*|sqs|sns|fauxqs|dynalite|ajv|powertools|smithy)\b/i,
  /requestHash|lastWriteId|typeStatus|createdAtId|leaseOwner|leaseExpiresAt|interruptions|"checkpoint":/,
  new RegExp(process.cwd().replaceAll(/[^\w/]/g, "\\$&")),
];

/** Members of a job or of a type that callers or workers chose, or that are where payloads are. */
const CHOSEN = new Set([
  "input",
  "inputLocation",
  "inputUrl",
  "files",
  "url",
  "result",
  "resultLocation",
  "resultUrl",
  "resultFiles",
  "error",
  "progress",
  "tags",
  "groupId",
  "owner",
  "paused",
]);

/**
 * What an answer tells of the inside: names and places that its request did not hold itself.
 *
 * @param request all that the caller sent, as text.
 */
export function leaksOf(body: unknown, request: string): string[] {
  const text = JSON.stringify(body, (name, value: unknown) => (CHOSEN.has(name) ? undefined : value)) ?? "";
  return INSIDE.flatMap((pattern) => pattern.exec(text)?.[0] ?? []).filter((told) => !request.includes(told));
}
