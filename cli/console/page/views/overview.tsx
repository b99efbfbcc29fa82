import { DEFAULT_HOURS } from "../address.ts";
import type { ConsoleError } from "../data/console-error.ts";
import type { JobType } from "../data/types.ts";
import { Failure } from "../parts/notice.tsx";
import { TypeCard } from "../parts/type-card.tsx";

export interface OverviewProps {
  readonly types: readonly JobType[] | undefined;
  readonly error: ConsoleError | undefined;
}

/** Every job type, and how it does. */
export function Overview({ types, error }: OverviewProps) {
  return (
    <>
      <div class="title-row">
        <h1>Job types</h1>
        <span class="muted">lines and failures over the last {DEFAULT_HOURS} hours</span>
      </div>
      <Failure error={error} what="The job types could not be read" />
      {types === undefined && error === undefined ? <p class="muted">Loading…</p> : null}
      {types?.length === 0 ? <p class="none">No job type is deployed yet.</p> : null}
      <ul class="cards">
        {(types ?? []).map((type) => (
          <li key={type.name}>
            <TypeCard type={type} />
          </li>
        ))}
      </ul>
    </>
  );
}
