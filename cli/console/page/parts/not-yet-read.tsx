import type { ConsoleError } from "../data/console-error.ts";
import { Failure } from "./notice.tsx";

/** The view of a job or a batch of which nothing has been read: it is under way, or has failed. */
export function NotYetRead({
  id,
  error,
  what,
}: {
  readonly id: string;
  readonly error: ConsoleError | undefined;
  readonly what: string;
}) {
  return (
    <>
      <h1>
        <code>{id}</code>
      </h1>
      {error === undefined ? <p class="muted">Loading…</p> : <Failure error={error} what={what} />}
    </>
  );
}
