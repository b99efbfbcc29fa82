import { api } from "../data/api.ts";
import { usePolled } from "../use-polled.ts";
import { LogLines } from "./log-lines.tsx";
import { Failure } from "./notice.tsx";

/** CloudWatch is searched anew by each look, a quarter of an hour back. */
const LOOK_MS = 15_000;

/** What the workers of a type said last, also where none can start. */
export function WorkerWords({ type }: { readonly type: string }) {
  const { value: lines, error } = usePolled(`words ${type}`, (signal) => api.logs(type, signal), { everyMs: LOOK_MS });
  return (
    <>
      <h3>What its workers said last</h3>
      <Failure error={error} what="Their logs could not be read" />
      {lines === undefined ? null : lines.length === 0 ? (
        <p class="muted">The workers of {type} have written nothing lately.</p>
      ) : (
        <LogLines lines={lines} label="What its workers said last" atEnd />
      )}
    </>
  );
}
