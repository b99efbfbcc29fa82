import { spanOf } from "../../../output/quantities.ts";
import { visible } from "../../../output/visible.ts";
import { DEFAULT_HOURS, jobsAddress } from "../address.ts";
import { latest, pointsOf, total } from "../data/series.ts";
import type { JobType, JobTypeStatus } from "../data/types.ts";
import { number, numberOr, relative, roughSpan, shortPrincipal } from "../format.ts";
import { useNow } from "../use-now.ts";
import { useTypeStatus } from "../use-type-status.ts";
import { Facts } from "./facts.tsx";
import { Failure } from "./notice.tsx";
import { Sparkline } from "./sparkline.tsx";

/** A job type at a glance. */
export function TypeCard({ type: { name, description, paused: pausedType, retired } }: { readonly type: JobType }) {
  const { now: current, hours } = useTypeStatus(name, DEFAULT_HOURS);
  const now = useNow(5_000);
  const status = current.value ?? hours.value;
  const points = pointsOf(hours.value);
  const failed = total(points, "failed");
  const paused = status === undefined ? pausedType : status.paused;
  const counts = [
    ["waiting", status?.waiting, { status: ["QUEUED"] }],
    ["running", status?.running, { status: ["RUNNING"] }],
    ["delayed", status?.delayed, { status: ["QUEUED"] }],
    ["failed", failed, { status: ["FAILED"] }],
  ] as const;
  return (
    <article class={paused === undefined ? "card" : "card card-paused"} aria-label={name}>
      <div class="card-head">
        <h2>
          <a href={`/types/${name}`}>{name}</a>
        </h2>
        {paused === undefined ? null : <span class="chip chip-warn">Paused</span>}
        {retired === undefined ? null : <span class="chip">Retired</span>}
        {status?.workerError === undefined ? null : <span class="chip chip-bad">Workers fail</span>}
      </div>
      <p class="card-about">{description}</p>
      <div class="counts">
        {counts.map(([word, count, filters]) => (
          <a
            key={word}
            class={`count count-${word}${(count ?? 0) > 0 ? " count-some" : ""}`}
            href={jobsAddress({ type: name, ...filters })}
          >
            <b>{numberOr(count)}</b>
            <span>{word}</span>
          </a>
        ))}
      </div>
      {points.length > 1 ? (
        <Sparkline
          values={points.map(({ waiting, running }) =>
            waiting === undefined && running === undefined ? undefined : (waiting ?? 0) + (running ?? 0),
          )}
          label={`Jobs of ${name} over the last hours`}
        />
      ) : (
        <div class="spark" />
      )}
      {status === undefined ? (
        <Failure error={current.error} what="Its state could not be read" />
      ) : (
        <CardFacts status={status} points={points} />
      )}
      {paused === undefined ? null : (
        <p class="card-note">
          Paused {relative(paused.at, now)} by {shortPrincipal(paused.by)}
          {paused.reason === undefined ? "" : `: ${visible(paused.reason)}`}
        </p>
      )}
      {status?.workerError === undefined ? null : <p class="card-note card-note-bad">{visible(status.workerError.message)}</p>}
      {status?.startError === undefined ? null : (
        <p class="card-note card-note-bad">Workers do not start: {visible(status.startError)}</p>
      )}
    </article>
  );
}

function CardFacts({ status, points }: { readonly status: JobTypeStatus; readonly points: ReturnType<typeof pointsOf> }) {
  const { tasks, oldestSeconds, deadLetters } = status;
  const run = latest(points, "runSeconds");
  const wait = latest(points, "queueWaitSeconds");
  return (
    <Facts
      rows={[
        ["Tasks", `${numberOr(tasks.running)} of ${tasks.max}${(tasks.pending ?? 0) > 0 ? `, ${tasks.pending} starting` : ""}`],
        ["Oldest waits", oldestSeconds === undefined ? "–" : roughSpan(oldestSeconds)],
        ["Run time", run === undefined ? "–" : spanOf(run)],
        ["Queue wait", wait === undefined ? "–" : spanOf(wait)],
        ["Dead letters", deadLetters !== undefined && deadLetters > 0 ? <b class="bad">{number(deadLetters)}</b> : undefined],
      ]}
    />
  );
}
