import type { ComponentChildren } from "preact";
import { isConnectionError } from "../connection.ts";
import type { ConsoleError } from "../data/console-error.ts";

export type Tone = "bad" | "warn" | "info" | "good";

/** One sentence that should be seen. */
export function Notice({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return (
    <div class={`notice notice-${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {children}
    </div>
  );
}

/** What could not be read. What concerns the whole page stands at its head. */
export function Failure({ error, what }: { readonly error: ConsoleError | undefined; readonly what: string }) {
  if (error === undefined || isConnectionError(error)) return null;
  return (
    <Notice tone="bad">
      {what}: {error.message}
    </Notice>
  );
}
