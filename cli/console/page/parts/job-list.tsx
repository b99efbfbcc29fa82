import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Job } from "../data/types.ts";
import { counted } from "../format.ts";
import type { LoadedJobs } from "../use-job-list.ts";
import { useKeys } from "../use-keys.ts";
import { useNarrow } from "../use-narrow.ts";
import { useNow } from "../use-now.ts";
import { JobRow } from "./job-row.tsx";
import { Failure } from "./notice.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { VirtualRows } from "./virtual-rows.tsx";

export interface JobListProps {
  readonly list: LoadedJobs;
  /** Said where there is none. */
  readonly none: string;
}

const ROW_PX = 44;
const CARD_PX = 104;
/** Ages in a list need not be exact. */
const AGES_MS = 5_000;

/** Jobs, newest first: j and k go through them, Enter opens one, x selects it. */
export function JobList({ list, none }: JobListProps) {
  const { jobs, loading, cursor, error, pages, loadMore } = list;
  const now = useNow(AGES_MS);
  const rowHeight = useNarrow() ? CARD_PX : ROW_PX;
  const [selected, setSelected] = useState<ReadonlyMap<string, Job>>(new Map());
  const [at, setAt] = useState(-1);
  /** The same, known before the list is drawn anew: keys come faster. */
  const here = useRef(-1);
  const box = useRef<HTMLDivElement>(null);

  const toggle = useCallback((job: Job): void => {
    setSelected((before) => {
      const next = new Map(before);
      if (!next.delete(job.id)) next.set(job.id, job);
      return next;
    });
  }, []);
  const move = (by: number): void => {
    here.current = Math.min(jobs.length - 1, Math.max(0, here.current + by));
    setAt(here.current);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    x: () => {
      const job = jobs[here.current];
      if (job !== undefined) toggle(job);
    },
  });
  useEffect(() => {
    const job = jobs[at];
    if (job === undefined || box.current === null) return;
    showRow(box.current, at * rowHeight, rowHeight);
    // The rows that the window shows now are there in the next frame.
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`a[data-job="${CSS.escape(job.id)}"]`)?.focus());
  }, [at]);

  return (
    <div ref={box}>
      <div class="list-head">
        <label class="check">
          <input
            type="checkbox"
            checked={jobs.length > 0 && selected.size >= jobs.length}
            onChange={({ currentTarget }) =>
              setSelected(currentTarget.checked ? new Map(jobs.map((job) => [job.id, job])) : new Map())
            }
          />
          Select all shown
        </label>
        <span class="muted" role="status">
          {loading && pages === 0 ? "Loading…" : `${counted(jobs.length, "job")}${cursor === undefined ? "" : " so far"}`}
        </span>
      </div>
      <Failure error={error} what="The list could not be read" />
      {jobs.length === 0 && !loading && cursor === undefined && error === undefined ? <p class="none">{none}</p> : null}
      <VirtualRows
        count={jobs.length}
        rowHeight={rowHeight}
        label="Jobs"
        pages={pages}
        rowKey={(index) => jobs[index]?.id ?? String(index)}
        onEndNear={loadMore}
        row={(index) => {
          const job = jobs[index];
          return job === undefined ? null : <JobRow job={job} now={now} selected={selected.has(job.id)} onSelect={toggle} />;
        }}
      />
      {cursor === undefined ? null : (
        <button type="button" class="button list-more" disabled={loading} onClick={loadMore}>
          {loading ? "Loading older jobs…" : "Load older jobs"}
        </button>
      )}
      <SelectionBar jobs={[...selected.values()]} onDone={() => setSelected(new Map())} onChanged={list.refresh} />
    </div>
  );
}

/** Scrolls the page so that a row is seen, below its head and above its foot. */
function showRow(box: HTMLElement, top: number, height: number): void {
  const rows = box.querySelector(".rows");
  if (rows === null) return;
  const start = rows.getBoundingClientRect().top + top;
  const margin = 72;
  if (start < margin) scrollBy(0, start - margin);
  else if (start + height > innerHeight - margin) scrollBy(0, start + height - innerHeight + margin);
}
