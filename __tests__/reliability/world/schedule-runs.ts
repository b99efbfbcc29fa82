import { randomUUID } from "node:crypto";
import { JobEvents } from "../../../domain/job-events.ts";
import { listJobs } from "../../../domain/job-list.ts";
import { JobStore } from "../../../domain/job-store.ts";
import { JobTypeRegistry } from "../../../domain/job-type-registry.ts";
import type { ScheduleEvent } from "../../../domain/schedule-event.ts";
import { jobQueues } from "../../../handlers/jobs/job-queues.ts";
import type { RunScheduleDependencies } from "../../../handlers/jobs/run-schedule.ts";
import { handleSchedule } from "../../../handlers/jobs/schedule-events.ts";
import { recordedTelemetry } from "../../handlers/recorded-telemetry.ts";
import { type Invocation, invoke } from "./invocation.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** The name of what AWS runs between a schedule and its Lambda. */
const SCHEDULER = "scheduler";
/** After so long Lambda tries an event again that a function failed with, or died of, in milliseconds. */
const AGAIN_MS = 60_000;

interface Run {
  readonly name: string;
  readonly event: ScheduleEvent;
  readonly invocation: Invocation;
}

/**
 * Has the world invoke the schedule Lambda with what is due, each in a fresh process, and again until it has been dealt with: that is
 * what retries, and the queue of what failed, come to.
 */
export function runSchedules(world: World): void {
  const { scheduler } = world.platform;
  let runs: Run[] = [];
  world.chores.push(async () => {
    const ended = runs.filter(({ invocation }) => invocation.process.gone);
    const due = scheduler.takeDue();
    if (ended.length === 0 && due.length === 0) return false;
    runs = runs.filter((run) => !ended.includes(run));
    for (const { name, event, invocation } of ended) {
      if (!invocation.isDone) scheduler.once(name, world.now + AGAIN_MS, event);
      else if ("jobId" in event) world.record({ kind: "unscheduled", by: SCHEDULER, jobId: event.jobId });
    }
    for (const { name, input } of due) runs.push(begin(world, name, JSON.parse(input) as ScheduleEvent));
    return true;
  });
}

function begin(world: World, name: string, event: ScheduleEvent): Run {
  if (!("jobId" in event)) {
    const { jobType: type, schedule, scheduledTime } = event;
    world.record({ kind: "due", type, schedule, scheduledTime });
  }
  const invocation = invoke(world, "schedule", (process) => handleSchedule(event, dependencies(world, process)));
  return { name, event, invocation };
}

function dependencies({ clients, platform }: World, { now }: SimulatedProcess): RunScheduleDependencies {
  const { jobsTableName, jobTypesTableName, eventsTopicArn } = platform.emulators;
  const store = new JobStore(clients.dynamoDb, jobsTableName);
  return {
    store,
    registry: new JobTypeRegistry(clients.dynamoDb, jobTypesTableName, now),
    list: async (query) => await listJobs(clients.dynamoDb, jobsTableName, store, query),
    queue: jobQueues(clients.sqs),
    events: new JobEvents(clients.sns, eventsTopicArn),
    wake: async () => undefined,
    telemetry: recordedTelemetry(),
    now,
    newWriteId: randomUUID,
  };
}
