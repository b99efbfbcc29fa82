import { isNewerState } from "@autoscaling-job-queues/domain/newer-state";
import { scheduleOwner } from "@autoscaling-job-queues/domain/schedule-settings";
import type { JobEvent } from "./event-subscriber.ts";
import { styledStatus } from "./text-style.ts";

/**
 * The lines of `npm start`, one for each state of a job that is newer than the last one told: SNS may deliver an event
 * twice, and events out of order.
 *
 * @returns a function that makes the line of an event, undefined where there is nothing new to say.
 */
export function eventLines(): (event: JobEvent) => string | undefined {
  const said = new Map<string, JobEvent>();
  return (event) => {
    const last = said.get(event.id);
    if (last !== undefined && !isNewerState(event, last)) return undefined;
    said.set(event.id, event);
    return eventLine(event);
  };
}

function eventLine({ id, type, status, attempt, owner, runAt, cancelRequestedAt, error }: JobEvent): string {
  const isNew = status === "QUEUED" && attempt === 0;
  const schedule = scheduleOwner(type, "");
  const notes = [
    isNew && owner.startsWith(schedule) ? `by its schedule ${owner.slice(schedule.length)}` : undefined,
    isNew && runAt !== undefined ? `due ${runAt}` : undefined,
    attempt > 1 ? `attempt ${attempt}` : undefined,
    status === "RUNNING" && cancelRequestedAt !== undefined ? "cancel requested" : undefined,
    error === undefined ? undefined : `${error.code}: ${lastLine(error.message)}`,
  ].filter((note) => note !== undefined);
  return `${type}  ${id}  ${styledStatus(status)}${notes.length > 0 ? `  ${notes.join(", ")}` : ""}`;
}

/** What a program says at its end: Python's errors begin with where they happened, and end with what did. */
function lastLine(message: string): string {
  return message.split("\n").findLast((line) => line.trim() !== "") ?? "";
}
