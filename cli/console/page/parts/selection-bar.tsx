import { useState } from "preact/hooks";
import { api } from "../data/api.ts";
import { ConsoleError } from "../data/console-error.ts";
import { inTurn } from "../data/in-turn.ts";
import type { Job } from "../data/types.ts";
import { counted } from "../format.ts";
import { Ask } from "./ask.tsx";

export interface SelectionBarProps {
  readonly jobs: readonly Job[];
  readonly onDone: () => void;
  readonly onChanged: () => void;
}

const ENDED: ReadonlySet<string> = new Set(["SUCCEEDED", "FAILED", "CANCELLED"]);

interface Deed {
  readonly name: "retry" | "cancel";
  readonly jobs: readonly Job[];
}

/** What can be done with the jobs that are selected. */
export function SelectionBar({ jobs, onDone, onChanged }: SelectionBarProps) {
  const [asked, setAsked] = useState<Deed>();
  const [progress, setProgress] = useState(0);
  if (jobs.length === 0) return null;
  const retryable = jobs.filter(({ status }) => ENDED.has(status));
  const cancellable = jobs.filter(({ status }) => !ENDED.has(status));
  const ask = (deed: Deed): void => {
    setProgress(0);
    setAsked(deed);
  };
  const run = async ({ name, jobs: chosen }: Deed): Promise<void> => {
    const { failures } = await inTurn(chosen, ({ id }) => (name === "retry" ? api.retry(id) : api.cancel(id)), setProgress);
    onChanged();
    if (failures.size === 0) return onDone();
    const [[sentence, count] = ["", 0]] = failures;
    const others = failures.size > 1 ? " Others failed for other reasons." : "";
    throw new ConsoleError(
      "SomeFailed",
      `${count} of ${chosen.length} were not done: ${sentence}${others} Done again, those that were done stay as they are.`,
    );
  };
  return (
    <section class="selection" aria-label="Selected jobs">
      <b>{counted(jobs.length, "job")} selected</b>
      <button
        type="button"
        class="button"
        disabled={retryable.length === 0}
        onClick={() => ask({ name: "retry", jobs: retryable })}
      >
        Retry {retryable.length}
      </button>
      <button
        type="button"
        class="button"
        disabled={cancellable.length === 0}
        onClick={() => ask({ name: "cancel", jobs: cancellable })}
      >
        Cancel {cancellable.length}
      </button>
      <button type="button" class="button" onClick={onDone}>
        Clear
      </button>
      {asked === undefined ? null : (
        <Ask
          title={`${asked.name === "retry" ? "Retry" : "Cancel"} ${counted(asked.jobs.length, "job")}?`}
          action={asked.name === "retry" ? `Retry ${asked.jobs.length}` : `Cancel ${asked.jobs.length}`}
          danger={asked.name === "cancel"}
          onYes={async () => await run(asked)}
          onClose={() => setAsked(undefined)}
        >
          <p>
            {asked.name === "retry"
              ? "Each is added again as a new job, with the same input, files and tags. Retried twice, it is the same new job."
              : "Those that wait are cancelled at once. Those that run are asked to stop, and may take a while."}
          </p>
          {progress === 0 ? null : (
            <p role="status">
              {progress} of {asked.jobs.length}
            </p>
          )}
        </Ask>
      )}
    </section>
  );
}
