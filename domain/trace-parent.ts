/** The header that names the caller's span: `traceparent` of W3C Trace Context, <https://www.w3.org/TR/trace-context/>. */
export const TRACE_PARENT_HEADER = "traceparent";

/** As it is kept, in the one version that there is: the trace's ID, the ID of the span, and whether the trace is recorded. */
export const TRACE_PARENT = {
  pattern: /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]$/,
  maxLength: 55,
  example: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
} as const;

/** What later versions add follows a hyphen. `ff` is no version, and IDs of zeros are none. */
const READABLE = /^(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-|$)/;

/** `sampled` and `random`; others are to be passed on as 0. */
const KNOWN_FLAGS = 3;

/** A member `traceparent`, where there is one. */
export interface Traced {
  readonly traceparent?: string;
}

/**
 * Reads a `traceparent`, of this version or a later one, as the member that has it. One that is not valid is none, as the standard has it:
 * no call fails for it.
 */
export function traced(given: unknown): Traced {
  const [start, version, ids, flags = "", end] = (typeof given === "string" && READABLE.exec(given)) || [];
  if (start === undefined || (version === "00" && (end !== "" || start !== given))) return {};
  return { traceparent: `00-${ids}-0${Number.parseInt(flags, 16) & KNOWN_FLAGS}` };
}

/** The trace that a job belongs to, for log lines. */
export function traceKeys({ traceparent }: { readonly traceparent?: unknown }): { readonly traceId?: string } {
  return typeof traceparent === "string" ? { traceId: traceparent.slice(3, 35) } : {};
}
