import { useState } from "preact/hooks";
import { spanOf } from "../../../output/quantities.ts";
import { addressOf } from "../address.ts";
import { api } from "../data/api.ts";
import type { Batch } from "../data/types.ts";
import { clockTime, counted, number, relative, secondsBetween } from "../format.ts";
import { Ask } from "../parts/ask.tsx";
import { CopyId } from "../parts/copy-id.tsx";
import { Facts } from "../parts/facts.tsx";
import { JobList } from "../parts/job-list.tsx";
import { NotYetRead } from "../parts/not-yet-read.tsx";
import { Failure } from "../parts/notice.tsx";
import { Status } from "../parts/status.tsx";
import { useJobList } from "../use-job-list.ts";
import { useNow } from "../use-now.ts";
import { usePolled } from "../use-polled.ts";

export interface BatchViewProps {
  readonly id: string;
  readonly status: readonly string[];
}

const LIVE_MS = 3_000;

/** A batch: how far its jobs are, and which they are. */
export function BatchView({ id, status }: BatchViewProps) {
  const now = useNow(1_000);
  const [asks, setAsks] = useState(false);
  const polled = usePolled(`batch ${id}`, (signal) => api.batch(id, signal), {
    everyMs: LIVE_MS,
    until: (read) => read.status === "COMPLETE",
  });
  const list = useJobList(`batch ${id} ${status.join()}`, (cursor, signal) =>
    api.batchJobs(id, { status, limit: 100, cursor }, signal),
  );
  const batch = polled.value;
  if (batch === undefined) {
    return <NotYetRead id={id} error={polled.error} what="The batch could not be read" />;
  }
  const { type, createdAt, completedAt, onCompleteJobId } = batch;
  return (
    <>
      <div class="title-row">
        <Status status={batch.status} />
        <h1>
          Batch of <a href={`/types/${type}`}>{type}</a>
        </h1>
        <CopyId id={id} />
        <div class="actions">
          <button type="button" class="button" disabled={batch.status === "COMPLETE"} onClick={() => setAsks(true)}>
            Cancel what is left
          </button>
        </div>
      </div>
      <Failure error={polled.error} what="The batch could not be read anew" />
      <Parts batch={batch} status={status} />
      <Facts
        rows={[
          ["Added", `${clockTime(createdAt, now)} (${relative(createdAt, now)})`],
          [
            "Complete",
            completedAt === undefined
              ? undefined
              : `${clockTime(completedAt, now)}, after ${spanOf(secondsBetween(createdAt, completedAt))}`,
          ],
          [
            "Followed by",
            onCompleteJobId === undefined ? undefined : (
              <a key="follow" href={`/jobs/${onCompleteJobId}`}>
                <code>{onCompleteJobId}</code>
              </a>
            ),
          ],
        ]}
      />
      <h2>Its jobs</h2>
      <JobList key={status.join()} list={list} none="No job of this batch is in that state." />
      {asks ? (
        <Ask
          title="Cancel what is left of this batch?"
          action={`Cancel ${counted(batch.pending, "job")}`}
          danger
          onYes={async () => {
            polled.set(await api.cancelBatch(id));
            polled.refresh();
            list.refresh();
          }}
          onClose={() => setAsks(false)}
        >
          <p>Jobs that wait are cancelled at once. Those that run are asked to stop. Those that have ended stay as they are.</p>
        </Ask>
      ) : null}
    </>
  );
}

function Parts({
  batch: { id, total, pending, succeeded, failed, cancelled },
  status,
}: {
  readonly batch: Batch;
  readonly status: readonly string[];
}) {
  const parts = [
    ["succeeded", succeeded, ["SUCCEEDED"]],
    ["failed", failed, ["FAILED"]],
    ["cancelled", cancelled, ["CANCELLED"]],
    ["pending", pending, ["QUEUED", "RUNNING"]],
  ] as const;
  return (
    <>
      <div
        class="stack"
        role="img"
        aria-label={`${succeeded} of ${total} succeeded, ${failed} failed, ${cancelled} cancelled, ${pending} pending`}
      >
        {parts.map(([word, count]) =>
          count === 0 ? null : <i key={word} class={`stack-${word}`} style={{ flexGrow: count }} />,
        )}
      </div>
      <div class="numbers">
        <a class="number" href={`/batches/${id}`} aria-current={status.length === 0 ? "true" : undefined}>
          <b>{number(total)}</b>
          <span>jobs</span>
        </a>
        {parts.map(([word, count, states]) => (
          <a
            key={word}
            class="number"
            href={addressOf(`/batches/${id}`, { status: states })}
            aria-current={status.join() === states.join() ? "true" : undefined}
          >
            <b class={word === "failed" && count > 0 ? "bad" : undefined}>{number(count)}</b>
            <span>{word}</span>
          </a>
        ))}
      </div>
    </>
  );
}
