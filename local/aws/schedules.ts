import { SCHEDULED_TIME } from "@autoscaling-job-queues/domain/schedule-event";
import { type ScheduleExpression, scheduleExpression } from "@autoscaling-job-queues/domain/schedule-expression";

/** What EventBridge Scheduler is told of a schedule, as far as this system tells it (API reference: CreateSchedule). */
export interface ScheduleSettings {
  readonly ScheduleExpression: string;
  /** @default UTC */
  readonly ScheduleExpressionTimezone?: string;
  /** @default ENABLED */
  readonly State?: "ENABLED" | "DISABLED";
  /** @default NONE */
  readonly ActionAfterCompletion?: "NONE" | "DELETE";
  readonly Target: { readonly Arn: string; readonly RoleArn: string; readonly Input: string };
}

/** An invocation that is due. */
export interface Invocation {
  readonly name: string;
  /** What the target is invoked with, as JSON. */
  readonly input: string;
}

interface Schedule {
  readonly settings: ScheduleSettings;
  readonly expression: ScheduleExpression;
  readonly madeAt: number;
  /** Epoch milliseconds; undefined when there are no more. */
  readonly nextAt: number | undefined;
}

/**
 * Whether its one time counts also where that has passed. What is deleted when it has run has not run while it is there: so a job that is due
 * by the clock of who adds it, and was due by another, is not lost. What a job type declares for a time of long ago ran then, or never will.
 * (AWS does not document what it does with a time that has passed.)
 */
function awaits({ ActionAfterCompletion }: ScheduleSettings): boolean {
  return ActionAfterCompletion === "DELETE";
}

/** The schedules of one group, and when each is due. Time is told to it. */
export class Schedules {
  readonly #schedules = new Map<string, Schedule>();

  /** Makes a schedule, or replaces it. @throws Error for an expression that is none. */
  put(name: string, settings: ScheduleSettings, now: number): void {
    const expression = scheduleExpression(settings.ScheduleExpression, settings.ScheduleExpressionTimezone ?? "UTC");
    const madeAt = this.#schedules.get(name)?.madeAt ?? now;
    const from = expression.kind === "at" && awaits(settings) ? Number.NEGATIVE_INFINITY : now;
    this.#schedules.set(name, { settings, expression, madeAt, nextAt: expression.next(from, madeAt) });
  }

  get(name: string): ScheduleSettings | undefined {
    return this.#schedules.get(name)?.settings;
  }

  /** Those that delete themselves once they have run: of one job each. */
  ofOneTime(): (readonly [name: string, settings: ScheduleSettings])[] {
    return [...this.#schedules].filter(([, { settings }]) => awaits(settings)).map(([name, { settings }]) => [name, settings]);
  }

  /** When each is due next, in epoch milliseconds. */
  times(): (readonly [name: string, nextAt: number | undefined])[] {
    return [...this.#schedules].map(([name, { nextAt }]) => [name, nextAt]);
  }

  /** @returns whether there was one. */
  delete(name: string): boolean {
    return this.#schedules.delete(name);
  }

  /** When the next one is due, in epoch milliseconds; undefined where none is. */
  nextAt(): number | undefined {
    const times = [...this.#schedules.values()].filter(isOn).map(({ nextAt }) => nextAt);
    const known = times.filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  /** Takes what is due by now. A schedule that was due several times meanwhile is invoked for the first; no clock here stands still so long. */
  takeDue(now: number): Invocation[] {
    return [...this.#schedules].flatMap(([name, schedule]) => {
      const { settings, expression, madeAt, nextAt } = schedule;
      if (!isOn(schedule) || nextAt === undefined || nextAt > now) return [];
      const next = expression.next(now, madeAt);
      if (next === undefined && settings.ActionAfterCompletion === "DELETE") this.#schedules.delete(name);
      else this.#schedules.set(name, { ...schedule, nextAt: next });
      const scheduledTime = `${new Date(nextAt).toISOString().slice(0, -".000Z".length)}Z`;
      return [{ name, input: settings.Target.Input.replaceAll(SCHEDULED_TIME, scheduledTime) }];
    });
  }
}

function isOn({ settings }: Schedule): boolean {
  return settings.State !== "DISABLED";
}
