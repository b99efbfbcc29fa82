import { UsageError } from "../cli-error.ts";

/** Of version 00, or a later one with more behind (W3C Trace Context, traceparent). */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/** The API drops one that is wrong, as the standard has it; whoever types it is told. @throws UsageError */
export function traceparentOf(text: string): string {
  if (TRACEPARENT.test(text)) return text;
  throw new UsageError("allowed: a W3C traceparent, such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
}
