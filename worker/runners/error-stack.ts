/** The longest stack that is logged, in characters; the rest is cut. */
export const MAX_STACK_CHARACTERS = 16_384;
/** Errors of one that was thrown that are shown: itself, its causes, the reasons of an `AggregateError`. */
const MAX_ERRORS = 20;

/**
 * The stack of what was thrown, with its causes and the reasons of an `AggregateError`, for the log: it shows files and lines, and
 * so is for developers only. Never throws, whatever was thrown.
 *
 * @returns undefined for what is not an error.
 */
export function errorStack(thrown: unknown): string | undefined {
  const seen = new Set<unknown>();
  const stackOf = (error: unknown, indent: string): string[] => {
    if (seen.has(error) || seen.size === MAX_ERRORS) return [];
    seen.add(error);
    if (!(error instanceof Error)) return seen.size === 1 ? [] : [`${indent}${shown(error)}`];
    const { stack, cause } = error;
    const reasons: unknown = "errors" in error ? error.errors : undefined;
    return [
      ...String(stack ?? `${error.name}: ${error.message}`)
        .split("\n")
        .map((line) => indent + line),
      ...(Array.isArray(reasons) ? reasons : []).flatMap((reason, index) =>
        titled(`${indent}reason ${index + 1}:`, stackOf(reason, `${indent}  `)),
      ),
      ...(cause === undefined ? [] : titled(`${indent}caused by:`, stackOf(cause, `${indent}  `))),
    ];
  };
  try {
    const text = stackOf(thrown, "").join("\n");
    if (text === "") return undefined;
    return (text.length > MAX_STACK_CHARACTERS ? `${text.slice(0, MAX_STACK_CHARACTERS - 1)}…` : text).toWellFormed();
  } catch {
    return undefined;
  }
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : String(value);
}
