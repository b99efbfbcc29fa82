import { useState } from "preact/hooks";
import { spanOf } from "../../../output/quantities.ts";
import { visible } from "../../../output/visible.ts";
import { addressOf, DEFAULT_HOURS, HOURS, jobsAddress } from "../address.ts";
import { api } from "../data/api.ts";
import { pointsOf, valuesOf } from "../data/series.ts";
import type { JobType, JobTypeStatus } from "../data/types.ts";
import { clockTime, counted, numberOr, relative, roughSpan, shortPrincipal } from "../format.ts";
import { Ask } from "../parts/ask.tsx";
import { Facts } from "../parts/facts.tsx";
import { JobList } from "../parts/job-list.tsx";
import { LineChart } from "../parts/line-chart.tsx";
import { Failure, Notice } from "../parts/notice.tsx";
import { useJobList } from "../use-job-list.ts";
import { useNow } from "../use-now.ts";
import { useTypeStatus } from "../use-type-status.ts";

export interface JobTypeViewProps {
  readonly name: string;
  readonly hours: number;
  readonly types: readonly JobType[];
  readonly refreshTypes: () => void;
}

/** What an API that knows no series answers to a query with hours. */
const OLDER_PLATFORM = 400;

/** A job type: how it does, how it did, and its newest jobs. */
export function JobTypeView({ name, hours, types, refreshTypes }: JobTypeViewProps) {
  const status = useTypeStatus(name, hours);
  const now = useNow(1_000);
  const [asks, setAsks] = useState(false);
  const type = types.find((one) => one.name === name);
  const current = status.now.value ?? status.hours.value;
  const paused = current === undefined ? type?.paused : current.paused;
  const points = pointsOf(status.hours.value);
  const list = useJobList(`type ${name}`, (cursor, signal) => api.jobs({ type: name, limit: 50, cursor }, signal));
  const change = async (reason: string): Promise<void> => {
    await (paused === undefined ? api.pause(name, reason) : api.resume(name));
    status.now.refresh();
    refreshTypes();
  };
  return (
    <>
      <div class="title-row">
        <h1>{name}</h1>
        {paused === undefined ? null : <span class="chip chip-warn">Paused</span>}
        <div class="actions">
          <a class="button" href={jobsAddress({ type: name })}>
            List its jobs
          </a>
          <button type="button" class={paused === undefined ? "button" : "button button-primary"} onClick={() => setAsks(true)}>
            {paused === undefined ? "Pause" : "Resume"}
          </button>
        </div>
      </div>
      <p class="muted">{type?.description}</p>
      {paused === undefined ? null : (
        <Notice tone="warn">
          Paused {relative(paused.at, now)} ({clockTime(paused.at, now)}) by {shortPrincipal(paused.by)}
          {paused.reason === undefined ? "" : `: ${visible(paused.reason)}`}. Jobs are accepted, and none is started.
        </Notice>
      )}
      {current?.workerError === undefined ? null : (
        <Notice tone="bad">
          Its workers cannot work, {relative(current.workerError.at, now)}: {current.workerError.code}:{" "}
          {visible(current.workerError.message)}
        </Notice>
      )}
      {current?.startError === undefined ? null : (
        <Notice tone="bad">Its workers do not start: {visible(current.startError)}</Notice>
      )}
      {current?.placement === undefined ? null : <Notice tone="warn">{current.placement}</Notice>}
      <Failure error={status.now.error} what="Its state could not be read" />
      {current === undefined ? null : <Numbers status={current} name={name} />}
      <nav class="hours" aria-label="Hours shown">
        {HOURS.map((one) => (
          <a
            key={one}
            href={addressOf(`/types/${name}`, one === DEFAULT_HOURS ? {} : { hours: one })}
            aria-current={one === hours ? "page" : undefined}
          >
            {one} h
          </a>
        ))}
      </nav>
      {status.hours.error?.status === OLDER_PLATFORM ? (
        <p class="muted">This platform does not tell how a type did.</p>
      ) : (
        <Failure error={status.hours.error} what="Its last hours could not be read" />
      )}
      {points.length < 2 ? (
        <p class="muted">{status.hours.value === undefined ? "" : "Nothing has been measured yet."}</p>
      ) : (
        <Charts points={points} />
      )}
      <Details type={type} now={now} />
      <h2>Newest jobs</h2>
      <JobList list={list} none="This type has no jobs." />
      {asks ? (
        <Ask
          title={paused === undefined ? `Pause ${name}?` : `Resume ${name}?`}
          action={paused === undefined ? "Pause" : "Resume"}
          onYes={change}
          onClose={() => setAsks(false)}
          {...(paused === undefined ? { textLabel: "Reason, for those who wonder (may be empty)" } : {})}
        >
          {paused === undefined ? (
            <p>Jobs in hand end, no other is started, and the tasks go. New jobs are accepted and wait.</p>
          ) : (
            <p>
              {current?.waiting === undefined ? "The jobs that wait" : counted(current.waiting, "waiting job")} will be started at
              once.
            </p>
          )}
        </Ask>
      ) : null}
    </>
  );
}

function Numbers({ status, name }: { readonly status: JobTypeStatus; readonly name: string }) {
  const { waiting, running, delayed, deadLetters, oldestSeconds, tasks, unread = [] } = status;
  const numbers = [
    ["waiting", numberOr(waiting), jobsAddress({ type: name, status: ["QUEUED"] })],
    ["running", numberOr(running), jobsAddress({ type: name, status: ["RUNNING"] })],
    ["delayed", numberOr(delayed), jobsAddress({ type: name, status: ["QUEUED"] })],
    ["oldest waits", oldestSeconds === undefined ? "–" : roughSpan(oldestSeconds), undefined],
    ["tasks", `${numberOr(tasks.running)} / ${tasks.max}`, undefined],
    ["dead letters", numberOr(deadLetters), jobsAddress({ type: name, status: ["FAILED"] })],
  ] as const;
  return (
    <>
      <div class="numbers">
        {numbers.map(([word, value, href]) =>
          href === undefined ? (
            <div key={word} class="number">
              <b>{value}</b>
              <span>{word}</span>
            </div>
          ) : (
            <a key={word} class="number" href={href}>
              <b class={word === "dead letters" && (deadLetters ?? 0) > 0 ? "bad" : undefined}>{value}</b>
              <span>{word}</span>
            </a>
          ),
        )}
      </div>
      {(tasks.pending ?? 0) > 0 || tasks.desired !== tasks.running ? (
        <p class="muted">
          {numberOr(tasks.desired)} asked for, {numberOr(tasks.pending)} starting
        </p>
      ) : null}
      {unread.length === 0 ? null : <Notice tone="warn">Could not be read: {unread.join("; ")}.</Notice>}
    </>
  );
}

function Charts({ points }: { readonly points: ReturnType<typeof pointsOf> }) {
  const at = points.map((point) => Date.parse(point.at) / 1_000);
  const line = (label: string, name: Parameters<typeof valuesOf>[1], color: string, filled = false) => ({
    ...{ label, color, filled },
    values: valuesOf(points, name),
  });
  return (
    <div class="charts">
      <LineChart
        title="Jobs and tasks"
        at={at}
        lines={[
          line("waiting", "waiting", "--queued", true),
          line("running", "running", "--running", true),
          line("tasks", "tasks", "--accent"),
        ]}
        unit="count"
      />
      <LineChart
        title="Ended"
        at={at}
        lines={[line("succeeded", "succeeded", "--succeeded", true), line("failed", "failed", "--failed")]}
        unit="count"
      />
      <LineChart title="Run time" at={at} lines={[line("one run", "runSeconds", "--running")]} unit="seconds" />
      <LineChart title="Queue wait" at={at} lines={[line("wait", "queueWaitSeconds", "--queued", true)]} unit="seconds" />
    </div>
  );
}

function Details({ type, now }: { readonly type: JobType | undefined; readonly now: number }) {
  if (type === undefined) return null;
  const { limits, schedules, files } = type;
  return (
    <details class="panel">
      <summary>Limits, files and schedules</summary>
      <Facts
        rows={[
          ["Time limit", `${spanOf(limits.timeoutSeconds)} an attempt`],
          ["Attempts", `at most ${limits.maxAttempts}`],
          ["Jobs a worker", limits.concurrency],
          ["Tasks", `at most ${limits.maxTasks}`],
          ...Object.entries(files).map(([file, { description }]) => [`File ${file}`, description] as const),
          ...schedules.map(
            ({ name, expression, timezone, enabled, nextRunAt }) =>
              [
                `Schedule ${name}`,
                `${expression} (${timezone})${enabled ? "" : ", disabled"}${nextRunAt === undefined ? "" : `, next ${relative(nextRunAt, now)}`}`,
              ] as const,
          ),
        ]}
      />
    </details>
  );
}
