import type { OneTimeSchedule, SchedulerCalls } from "../../handlers/jobs/scheduler-calls.ts";

export interface SchedulerStandIn {
  readonly schedules: ReadonlyMap<string, OneTimeSchedule>;
  readonly calls: SchedulerCalls;
}

/** EventBridge Scheduler with its schedules in memory; it runs none. */
export function schedulerStandIn(): SchedulerStandIn {
  const schedules = new Map<string, OneTimeSchedule>();
  const put = (schedule: OneTimeSchedule, isThere: boolean): boolean => {
    if (schedules.has(schedule.name) !== isThere) return false;
    schedules.set(schedule.name, schedule);
    return true;
  };
  return {
    schedules,
    calls: {
      create: async (schedule) => put(schedule, false),
      update: async (schedule) => put(schedule, true),
      delete: async (name) => {
        schedules.delete(name);
      },
    },
  };
}
