import { randomUUID } from "node:crypto";

/** Something that happened to a service, in ECS's words. */
export interface ServiceEvent {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly message: string;
}

/** A task that has ended. */
export interface StoppedTask {
  readonly id: string;
  readonly service: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly stoppedAt: number;
  /** The exit code, the signal, or why the system did not start it. */
  readonly exit: number | string;
  /** Nobody told it to. */
  readonly byItself: boolean;
  /** Why it was ended, where the machine did it. */
  readonly reason?: string | undefined;
}

/** Stopped tasks of a service that are kept; ECS shows them for an hour at least (ListTasks). */
const KEPT_TASKS = 10;
/** Events of a service that are kept; ECS keeps 100 (DescribeServices). */
const KEPT_EVENTS = 100;
/** How long a sentence stands before it is said again, in milliseconds. */
const REPEAT_MS = 60_000;

interface History {
  readonly events: ServiceEvent[];
  readonly stopped: StoppedTask[];
}

/** What has become of a service and its tasks, as ECS tells it: newest first. */
export class ServiceHistory {
  readonly #services = new Map<string, History>();

  events(service: string): readonly ServiceEvent[] {
    return this.#of(service).events;
  }

  stopped(service: string): readonly StoppedTask[] {
    return this.#of(service).stopped;
  }

  taskStarted(service: string, id: string, now: number): void {
    this.#say(service, `has started 1 tasks: (task ${id}).`, now);
  }

  taskStopping(service: string, id: string, now: number): void {
    this.#say(service, `has stopped 1 running tasks: (task ${id}).`, now);
  }

  taskStopped(task: StoppedTask): void {
    const { stopped } = this.#of(task.service);
    stopped.unshift(task);
    stopped.splice(KEPT_TASKS);
  }

  steady(service: string, now: number): void {
    this.#sayOnce(service, "has reached a steady state.", now, Number.POSITIVE_INFINITY);
  }

  /** A task is wanted that this machine has no place for: ECS says it so of Fargate, and again while it lasts. */
  noPlace(service: string, maxTasks: number, now: number): void {
    const reason = `This machine has no free place for it: it runs ${maxTasks} ${maxTasks === 1 ? "task" : "tasks"} of all services at most.`;
    this.#sayOnce(service, `was unable to place a task. Reason: ${reason}`, now, REPEAT_MS);
  }

  /** Its tasks end soon after their start, one after the other. */
  crashing(service: string, now: number): void {
    this.#sayOnce(service, "is unable to consistently start tasks successfully.", now, REPEAT_MS);
  }

  /** Says what is not the newest sentence of the service, or was said so many milliseconds ago. */
  #sayOnce(service: string, what: string, now: number, repeatMs: number): void {
    const [newest] = this.events(service);
    if (newest === undefined || newest.message !== sentence(service, what) || now - newest.at >= repeatMs) {
      this.#say(service, what, now);
    }
  }

  #say(service: string, what: string, now: number): void {
    const { events } = this.#of(service);
    events.unshift({ id: randomUUID(), at: now, message: sentence(service, what) });
    events.splice(KEPT_EVENTS);
  }

  #of(service: string): History {
    const known = this.#services.get(service) ?? { events: [], stopped: [] };
    this.#services.set(service, known);
    return known;
  }
}

function sentence(service: string, what: string): string {
  return `(service ${service}) ${what}`;
}
