import { visible } from "../../../output/visible.ts";
import { storyOf } from "../data/story.ts";
import type { Job } from "../data/types.ts";
import { clockTime, relative } from "../format.ts";

const TIMES = /\d{4}-\d{2}-\d{2}T[\d:.]+Z/g;

/** A job's life, the newest first. */
export function Timeline({ job, now }: { readonly job: Job; readonly now: number }) {
  return (
    <ol class="timeline" reversed>
      {storyOf(job).map(({ kind, title, at, text, details }) => (
        <li key={`${title}${at}`} class={`step step-${kind}`}>
          <div class="step-title">
            <b>{title}</b>
            {at === undefined ? null : (
              <time dateTime={at} title={at}>
                {clockTime(at, now)}
                {kind === "waiting" ? ` (${relative(at, now)})` : ""}
              </time>
            )}
          </div>
          {text === undefined ? null : (
            <p>{visible(text).replace(TIMES, (time) => (kind === "running" ? relative(time, now) : clockTime(time, now)))}</p>
          )}
          {details === undefined ? null : <p class="muted">{details}</p>}
        </li>
      ))}
    </ol>
  );
}
