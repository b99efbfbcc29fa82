import { hasEnded } from "@autoscaling-job-queues/client/job";
import { useState } from "preact/hooks";
import { sizeOf, spanOf } from "../../../output/quantities.ts";
import { visible, visibleLines } from "../../../output/visible.ts";
import { jobsAddress } from "../address.ts";
import { api } from "../data/api.ts";
import { inputFiles, resultFiles, safeLink } from "../data/files.ts";
import type { Job } from "../data/types.ts";
import { clockTime, relative, secondsBetween, shortPrincipal } from "../format.ts";
import { navigate } from "../navigation.ts";
import { Ask } from "../parts/ask.tsx";
import { CopyId } from "../parts/copy-id.tsx";
import { Facts } from "../parts/facts.tsx";
import { FileList } from "../parts/file-list.tsx";
import { JsonView } from "../parts/json-view.tsx";
import { Logs } from "../parts/logs.tsx";
import { NotYetRead } from "../parts/not-yet-read.tsx";
import { Failure, Notice } from "../parts/notice.tsx";
import { ProgressBar } from "../parts/progress-bar.tsx";
import { Status } from "../parts/status.tsx";
import { Timeline } from "../parts/timeline.tsx";
import { WhyPanel } from "../parts/why-panel.tsx";
import { useKeys } from "../use-keys.ts";
import { useNow } from "../use-now.ts";
import { usePolled } from "../use-polled.ts";

export interface JobViewProps {
  readonly id: string;
  readonly hasLogs: boolean;
}

const LIVE_MS = 2_000;
const WHY_MS = 5_000;

/** One job: its state and why, its story, and what went in and came out. */
export function JobView({ id, hasLogs }: JobViewProps) {
  const now = useNow(1_000);
  const [asked, setAsked] = useState<"cancel" | "retry">();
  const polled = usePolled<Job>(`job ${id}`, (signal) => api.job(id, signal), { everyMs: LIVE_MS, until: hasEnded });
  const job = polled.value;
  const ended = job !== undefined && hasEnded(job);
  const why = usePolled(`why ${id} ${job?.version}`, (signal) => api.why(id, signal), {
    everyMs: ended ? undefined : WHY_MS,
    enabled: job !== undefined && job.status !== "SUCCEEDED",
  });
  useKeys({
    r: () => {
      if (ended) setAsked("retry");
    },
    c: () => {
      if (job !== undefined && !ended) setAsked("cancel");
    },
  });
  if (job === undefined) {
    return <NotYetRead id={id} error={polled.error} what="The job could not be read" />;
  }
  const act = async (): Promise<void> => {
    if (asked === "retry") navigate(`/jobs/${(await api.retry(id)).id}`);
    else polled.set(await api.cancel(id));
    polled.refresh();
  };
  return (
    <>
      <div class="title-row">
        <Status status={job.status} />
        <h1>
          <a href={`/types/${job.type}`}>{job.type}</a>
        </h1>
        <CopyId id={id} />
        <div class="actions">
          <button
            type="button"
            class="button"
            disabled={ended || job.cancelRequestedAt !== undefined}
            onClick={() => setAsked("cancel")}
          >
            Cancel
          </button>
          <button type="button" class="button button-primary" disabled={!ended} onClick={() => setAsked("retry")}>
            Retry
          </button>
        </div>
      </div>
      <Failure error={polled.error} what="The job could not be read anew" />
      {job.status === "RUNNING" ? <Progress job={job} /> : null}
      {job.error !== undefined && job.status !== "SUCCEEDED" ? (
        <Notice tone="bad">
          <b>{job.error.code}</b> <span class="error-text">{visibleLines(job.error.message)}</span>
        </Notice>
      ) : null}
      {why.value === undefined || job.status === "SUCCEEDED" ? null : (
        <WhyPanel why={why.value} type={job.type} now={now} hasLogs={hasLogs} />
      )}
      <Failure error={job.status === "SUCCEEDED" ? undefined : why.error} what="Why could not be told" />
      <div class="columns">
        <section class="panel" aria-labelledby="story">
          <h2 id="story">Story</h2>
          <Timeline job={job} now={now} />
        </section>
        <section class="panel" aria-labelledby="facts">
          <h2 id="facts">Facts</h2>
          <JobFacts job={job} now={now} />
        </section>
      </div>
      <Payloads job={job} />
      {hasLogs ? (
        <section class="panel" aria-labelledby="logs">
          <h2 id="logs">Logs</h2>
          <Logs id={id} live={!ended} />
        </section>
      ) : null}
      {asked === undefined ? null : (
        <Ask
          title={asked === "retry" ? "Retry this job?" : "Cancel this job?"}
          action={asked === "retry" ? "Retry" : "Cancel the job"}
          danger={asked === "cancel"}
          onYes={act}
          onClose={() => setAsked(undefined)}
        >
          <p>
            {asked === "retry"
              ? "It is added again as a new job, with the same input, files and tags. This one stays as it is."
              : job.status === "RUNNING"
                ? "It runs: it is asked to stop, and may take a while."
                : "It waits: it is cancelled at once, and will not run."}
          </p>
        </Ask>
      )}
    </>
  );
}

function Progress({ job: { progress, attempt } }: { readonly job: Job }) {
  const fraction = progress?.fraction ?? 0;
  return (
    <div class="progress">
      <ProgressBar fraction={fraction} label="Progress of this attempt" />
      <span role="status">
        {progress === undefined
          ? `attempt ${attempt} runs, and has told no progress`
          : `${Math.round(fraction * 100)}%  ${visible(progress.message ?? "")}`}
      </span>
    </div>
  );
}

function JobFacts({ job, now }: { readonly job: Job; readonly now: number }) {
  const {
    type,
    createdAt,
    startedAt,
    finishedAt,
    runAt,
    owner,
    groupId,
    tags = {},
    batchId,
    retryOf,
    attempt,
    maxAttempts,
    expiresAt,
  } = job;
  const time = (at: string | undefined) =>
    at === undefined ? undefined : <time dateTime={at} title={at}>{`${clockTime(at, now)} (${relative(at, now)})`}</time>;
  const tagLinks = Object.entries(tags).map(([key, value]) => (
    <a key={key} class="tag" href={jobsAddress({ type, tag: [`${key}:${value}`] })}>
      {visible(`${key}:${value}`)}
    </a>
  ));
  return (
    <Facts
      rows={[
        ["Added", time(createdAt)],
        ["Due", time(runAt)],
        ["Started", time(startedAt)],
        ["Ended", time(finishedAt)],
        [
          attempt > 1 ? "All attempts" : "Run time",
          startedAt === undefined ? undefined : spanOf(Math.max(0, secondsBetween(startedAt, finishedAt ?? now))),
        ],
        ["Attempts", `${attempt} of ${maxAttempts}`],
        [
          "Owner",
          <span key="owner" title={owner}>
            {shortPrincipal(owner)}
          </span>,
        ],
        ["Group", groupId === owner ? undefined : groupId],
        [
          "Tags",
          tagLinks.length === 0 ? undefined : (
            <span key="tags" class="tags">
              {tagLinks}
            </span>
          ),
        ],
        [
          "Batch",
          batchId === undefined ? undefined : (
            <a key="batch" href={`/batches/${batchId}`}>
              <code>{batchId}</code>
            </a>
          ),
        ],
        [
          "Does again",
          retryOf === undefined ? undefined : (
            <a key="retry" href={`/jobs/${retryOf}`}>
              <code>{retryOf}</code>
            </a>
          ),
        ],
        ["Forgotten", expiresAt === undefined ? undefined : relative(new Date(expiresAt * 1_000).toISOString(), now)],
      ]}
    />
  );
}

function Payloads({ job }: { readonly job: Job }) {
  const given = inputFiles(job);
  const made = resultFiles(job);
  return (
    <div class="columns">
      <section class="panel" aria-labelledby="input">
        <h2 id="input">Input</h2>
        <Payload name="input" value={job.input} location={job.inputLocation} url={job.inputUrl} />
        {given.length === 0 ? null : <FileList files={given} />}
      </section>
      <section class="panel" aria-labelledby="result">
        <h2 id="result">Result</h2>
        {job.status === "SUCCEEDED" ? (
          <Payload name="result" value={job.result} location={job.resultLocation} url={job.resultUrl} />
        ) : (
          <p class="muted">{hasEnded(job) ? "It has none, as it did not succeed." : "Not yet."}</p>
        )}
        {made.length === 0 ? null : <FileList files={made} />}
      </section>
    </div>
  );
}

interface PayloadProps {
  readonly name: string;
  readonly value: unknown;
  readonly location: { readonly bytes: number } | undefined;
  readonly url: string | undefined;
}

/** A value, or where it is when it is large. */
function Payload({ name, value, location, url }: PayloadProps) {
  if (location === undefined) return <JsonView value={value} label={name} />;
  const link = safeLink(url);
  return (
    <p>
      It has {sizeOf(location.bytes)}.{" "}
      {link === undefined ? null : (
        <a href={link} target="_blank" rel="noreferrer noopener">
          Download the {name}
        </a>
      )}
    </p>
  );
}
