import type { StoredJob } from "../../../../domain/job.ts";
import type { Evidence, TaskState } from "../../../../handlers/jobs/why/evidence.ts";
import { ADDED_AT, buildJob } from "../../../support/build-job.ts";
import { buildRegistryEntry } from "../../../support/build-registry-entry.ts";

/** When built evidence was read: ten seconds after its job was added. */
export const NOW = ADDED_AT + 10_000;

export const ago = (seconds: number): number => NOW - seconds * 1_000;
export const iso = (at: number): string => new Date(at).toISOString();

/** A task that has run for ten minutes. */
export function task(id: string, state: Partial<TaskState> = {}): TaskState {
  return { id, startedAt: ago(600), ...state };
}

/** A task that ended by itself, half a second after its start. */
export function failedTask(secondsAgo: number, state: Partial<TaskState> = {}): TaskState {
  return {
    ...{ id: `task-${secondsAgo}`, startedAt: ago(secondsAgo + 0.5), stoppedAt: ago(secondsAgo), exitCode: 1 },
    ...{ stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" },
    ...state,
  };
}

/** Of a job that waits for ten seconds, all of whose sources were read: one worker of one place runs, and has a job in hand. */
export function buildEvidence(overrides: Partial<Evidence> = {}, job: Partial<StoredJob> = {}): Evidence {
  return {
    now: NOW,
    job: buildJob(job),
    type: buildRegistryEntry("canary"),
    pause: null,
    queue: { visible: 3, inFlight: 1, delayed: 0 },
    deadLetters: 0,
    service: { desired: 1, running: 1, pending: 0, events: [] },
    runningTasks: [task("task-1")],
    stoppedTasks: [],
    words: null,
    recent: { running: 1, claimedAt: ago(5), endedAt: ago(20) },
    unread: [],
    ...overrides,
  };
}
