import { Component } from "preact";
import { spanOf } from "../../../output/quantities.ts";
import { visible } from "../../../output/visible.ts";
import type { Job } from "../data/types.ts";
import { relative, secondsBetween } from "../format.ts";
import { ProgressBar } from "./progress-bar.tsx";
import { Status } from "./status.tsx";

export interface JobRowProps {
  readonly job: Job;
  readonly now: number;
  readonly selected: boolean;
  readonly onSelect: (job: Job) => void;
}

/** A job in a list; it is drawn anew only when it has changed, as lists are scrolled. */
export class JobRow extends Component<JobRowProps> {
  override shouldComponentUpdate({ job, now, selected, onSelect }: JobRowProps): boolean {
    const shown = this.props;
    return job !== shown.job || now !== shown.now || selected !== shown.selected || onSelect !== shown.onSelect;
  }

  override render() {
    return <Row {...this.props} />;
  }
}

/** Its state, what it is about, and how long it took. */
function Row({ job, now, selected, onSelect }: JobRowProps) {
  const { id, type, status, createdAt } = job;
  return (
    <div class={selected ? "job-row job-row-selected" : "job-row"}>
      <input type="checkbox" checked={selected} onChange={() => onSelect(job)} aria-label={`Select ${id}`} />
      <Status status={status} />
      <a class="job-link" href={`/jobs/${id}`} data-job={id}>
        <span class="job-type">{type}</span>
        <code>{id.slice(type.length + 1)}</code>
      </a>
      <span class="job-about">
        <About job={job} now={now} />
      </span>
      <span class="job-took" title="Run time">
        {took(job, now)}
      </span>
      <time class="job-added" dateTime={createdAt} title={`Added ${createdAt}`}>
        {relative(createdAt, now)}
      </time>
    </div>
  );
}

function About({ job, now }: Pick<JobRowProps, "job" | "now">) {
  const { status, error, progress, tags = {}, nextAttemptAt, runAt, cancelRequestedAt, attempt, maxAttempts } = job;
  if (cancelRequestedAt !== undefined && status === "RUNNING") return <span class="muted">asked to stop</span>;
  if (status === "RUNNING" && progress !== undefined) {
    return (
      <>
        <ProgressBar fraction={progress.fraction} label={`Progress of ${job.id}`} />
        <span class="muted">
          {progress.message !== undefined ? visible(progress.message) : `${Math.round(progress.fraction * 100)}%`}
        </span>
      </>
    );
  }
  if (status === "QUEUED" && nextAttemptAt !== undefined) {
    return (
      <span class="job-error">
        attempt {attempt + 1} of {maxAttempts} {relative(nextAttemptAt, now)}
        {error === undefined ? "" : `: ${visible(error.message)}`}
      </span>
    );
  }
  if (error !== undefined && status !== "SUCCEEDED") {
    return (
      <span class="job-error" title={visible(error.message)}>
        <b>{error.code}</b> {visible(error.message)}
      </span>
    );
  }
  if (status === "QUEUED" && runAt !== undefined && Date.parse(runAt) > now)
    return <span class="muted">due {relative(runAt, now)}</span>;
  return (
    <>
      {Object.entries(tags)
        .slice(0, 4)
        .map(([key, value]) => (
          <span key={key} class="tag">
            {visible(`${key}:${value}`)}
          </span>
        ))}
    </>
  );
}

function took({ startedAt, finishedAt, status }: Job, now: number): string {
  if (startedAt === undefined) return "";
  if (finishedAt !== undefined) return spanOf(secondsBetween(startedAt, finishedAt));
  return status === "RUNNING" ? spanOf(Math.round(secondsBetween(startedAt, now))) : "";
}
