/** What nothing but the inside of the system is called, or looks like. */
const INSIDE: readonly RegExp[] = [
  /node_modules/,
  /\.(?:ts|mjs|cjs|js):\d+/,
  /\bat [\w.<>]+ \(/,
  /\b\w*(?:Exception|TypeError|RangeError|ReferenceError|SyntaxError|AggregateError|SettingsError)\b/,
  /arn:aws[\w-]*:/,
  /https?:\/\/(?:127\.0\.0\.1|localhost)/,
  /\b(?:dynamo\w*|sqs|sns|fauxqs|dynalite|ajv|powertools|smithy)\b/i,
  /requestHash|lastWriteId|[tT]ypeStatus|list-partitions|createdAtId|leaseOwner|leaseExpiresAt|interruptions|"checkpoint":/,
  new RegExp(process.cwd().replaceAll(/[^\w/]/g, "\\$&")),
];

/** Members of a job, of a type or of a cause that callers, operators or workers chose, or that are where payloads are. */
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
  "pausedBy",
  "pauseReason",
  "errorMessage",
  "workerError",
]);

/**
 * What an answer tells of the inside: names and places that its request did not hold itself, and no member that others chose.
 *
 * @param request all that the caller sent, as text.
 */
export function leaksOf(body: unknown, request: string): string[] {
  const chosen: string[] = [];
  const text = JSON.stringify(body, (name, value: unknown) => {
    if (!CHOSEN.has(name)) return value;
    if (typeof value === "string" && value !== "") chosen.push(JSON.stringify(value).slice(1, -1));
    return undefined;
  });
  // The sentence that tells a cause repeats them.
  const told = chosen.reduce((rest, value) => rest.replaceAll(value, ""), text ?? "");
  return INSIDE.flatMap((pattern) => pattern.exec(told)?.[0] ?? []).filter((name) => !request.includes(name));
}
