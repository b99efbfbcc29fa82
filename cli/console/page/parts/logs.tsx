import { api } from "../data/api.ts";
import { counted } from "../format.ts";
import { usePolled } from "../use-polled.ts";
import { LogLines } from "./log-lines.tsx";
import { Failure } from "./notice.tsx";

/** More would make the page slow; `jobs logs` has them all. */
const SHOWN_LINES = 1_000;
const FOLLOW_MS = 4_000;

/** What a job has logged, followed while it runs. */
export function Logs({ id, live }: { readonly id: string; readonly live: boolean }) {
  const { value: lines, error } = usePolled(`logs ${id}`, (signal) => api.logs(id, signal), {
    everyMs: live ? FOLLOW_MS : undefined,
  });
  if (lines === undefined)
    return error === undefined ? <p class="muted">Loading…</p> : <Failure error={error} what="The logs could not be read" />;
  if (lines.length === 0) return <p class="muted">Nothing has been logged about this job{live ? " yet" : ""}.</p>;
  const shown = lines.slice(-SHOWN_LINES);
  return (
    <>
      {shown.length < lines.length ? (
        <p class="muted">
          The last {SHOWN_LINES} of {counted(lines.length, "line")}; <code>jobs logs {id}</code> has all.
        </p>
      ) : null}
      <LogLines lines={shown} label="Logs" />
    </>
  );
}
