import { randomUUID } from "node:crypto";
import { STOP_TIMEOUT_SECONDS } from "@autoscaling-job-queues/domain/limits";
import { CrashLog } from "../crash-log.ts";
import { type ServiceEvent, ServiceHistory, type StoppedTask } from "./service-history.ts";
import { TaskCounts } from "./task-counts.ts";
import { mayProtect, type PlacedTask, placeTasks } from "./task-placement.ts";
import type { TaskProcess } from "./task-process.ts";

export interface FleetSettings {
  /** One service per job type. */
  readonly services: readonly string[];
  /** Tasks of all services that this machine runs at once; more wait, as when Fargate has no capacity. */
  readonly maxTasks: number;
  /** Those of which one task runs at a time, whatever their desired count. @default none */
  readonly single?: ReadonlySet<string>;
  readonly startTask: (service: string, taskId: string) => TaskProcess;
  /** Told in one sentence when a task ends by itself. */
  readonly report: (line: string) => void;
  /** What its log says of why a task ended by itself, and where it is. @default nothing */
  readonly told?: (task: Pick<FleetTask, "service" | "id">) => { readonly error: string | undefined; readonly log: string };
  /** From SIGTERM to SIGKILL. @default as deployed, `STOP_TIMEOUT_SECONDS` */
  readonly stopTimeoutMs?: number;
  /** @default Date.now */
  readonly now?: () => number;
}

export interface ServiceCounts {
  readonly desiredCount: number;
  readonly runningCount: number;
  /** Wanted, but not started: for lack of capacity, or because its tasks crash. */
  readonly pendingCount: number;
}

/** What has become of a service and its tasks. */
export interface ServiceStory {
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Tasks in a row that ended soon after their start. */
  readonly failedTasks: number;
  /** Newest first. */
  readonly events: readonly ServiceEvent[];
  /** The last ones, newest first. */
  readonly stopped: readonly StoppedTask[];
}

/** A task that runs. */
export interface FleetTask {
  readonly id: string;
  readonly service: string;
  readonly process: TaskProcess;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** It has been told to stop. */
  readonly stopping: boolean;
}

interface Task extends FleetTask {
  stopping: boolean;
  /** Epoch milliseconds. */
  protectedUntil: number;
  /** Why the machine ended it. */
  reason?: string;
}

/** ECS for one machine: keeps each service at its desired count, with processes as tasks. */
export class Fleet {
  readonly counts: TaskCounts;
  readonly #settings: Required<Omit<FleetSettings, "told">> & Pick<FleetSettings, "told">;
  readonly #desired: Map<string, number>;
  readonly #tasks = new Map<string, Task>();
  readonly #crashes = new CrashLog();
  readonly #history = new ServiceHistory();
  readonly #createdAt: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #killAll = (): void => this.kill();
  #stopped = false;

  constructor(settings: FleetSettings) {
    this.#settings = { stopTimeoutMs: STOP_TIMEOUT_SECONDS * 1_000, now: Date.now, single: new Set(), ...settings };
    this.#desired = new Map(settings.services.map((service) => [service, 0]));
    this.#createdAt = this.#settings.now();
    this.counts = new TaskCounts(settings.services, this.#createdAt);
    process.on("exit", this.#killAll);
  }

  /** The tasks that run, oldest first. */
  tasks(): readonly FleetTask[] {
    return [...this.#tasks.values()];
  }

  /** The names of the services. */
  get services(): readonly string[] {
    return [...this.#desired.keys()];
  }

  /** Tasks of all services that may run at once. */
  get maxTasks(): number {
    return this.#settings.maxTasks;
  }

  /** @returns undefined for a service that does not exist. */
  service(name: string): ServiceCounts | undefined {
    const desiredCount = this.#desired.get(name);
    if (desiredCount === undefined) return undefined;
    const tasks = [...this.#tasks.values()].filter((task) => task.service === name);
    const active = tasks.filter(({ stopping }) => !stopping).length;
    return { desiredCount, runningCount: tasks.length, pendingCount: Math.max(0, desiredCount - active) };
  }

  /** What ECS tells of a service beside its counts. */
  story(name: string): ServiceStory {
    this.#noteWaiting();
    const ran = [...this.#tasks.values()].filter(({ service }) => service === name).map(({ startedAt }) => startedAt);
    return {
      createdAt: this.#createdAt,
      failedTasks: this.#crashes.failed(name, this.#settings.now(), Math.min(...ran)),
      events: this.#history.events(name),
      stopped: this.#history.stopped(name),
    };
  }

  /** Notes why the machine is about to end a task. */
  willEnd(taskId: string, reason: string): void {
    const task = this.#tasks.get(taskId);
    if (task !== undefined) task.reason = reason;
  }

  setDesiredCount(service: string, desiredCount: number): void {
    if (!this.#desired.has(service)) throw new RangeError(`there is no service ${service}`);
    this.#desired.set(service, this.#settings.single.has(service) ? Math.min(1, desiredCount) : desiredCount);
    this.#reconcile();
  }

  /**
   * Replaces the tasks of a service, busy or not, as what they run has changed: each is told to stop, and has the time that a task has for
   * it; a new one starts at once, where there is a place.
   *
   * @returns how many.
   */
  replaceTasks(service: string): number {
    const tasks = [...this.#tasks.values()].filter((task) => task.service === service && !task.stopping);
    for (const { id } of tasks) this.#stop(id);
    this.#crashes.forget(service);
    this.#reconcile();
    return tasks.length;
  }

  /** When the protection of a task ends, in epoch milliseconds, 0 without; undefined for a task that does not run. */
  protectedUntil(taskId: string): number | undefined {
    return this.#tasks.get(taskId)?.protectedUntil;
  }

  /**
   * Protects a task from scale-in, or ends its protection.
   *
   * @param until epoch milliseconds; 0 ends it.
   * @returns false where ECS would answer DEPLOYMENT_BLOCKED.
   */
  protect(taskId: string, until: number): boolean {
    const task = this.#tasks.get(taskId);
    if (task === undefined) return false;
    if (until > 0 && (task.stopping || !mayProtect(this.#placed(), taskId, this.#desired.get(task.service) ?? 0))) return false;
    task.protectedUntil = until;
    if (until > 0) this.#reconcileIn(until - this.#settings.now());
    this.#reconcile();
    return true;
  }

  /** Stops all tasks, protected or not, and starts no more. @param graceMs from SIGTERM to SIGKILL. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    const tasks = [...this.#tasks.values()];
    for (const { process: task } of tasks) task.terminate();
    const grace = setTimeout(() => this.kill(), graceMs);
    await Promise.all(tasks.map(({ process: task }) => task.exit));
    clearTimeout(grace);
    process.off("exit", this.#killAll);
  }

  /** Ends every task at once. */
  kill(): void {
    for (const { process: task } of this.#tasks.values()) task.kill();
  }

  #placed(): PlacedTask[] {
    const now = this.#settings.now();
    return [...this.#tasks.values()].map((task) => ({ ...task, isProtected: task.protectedUntil > now }));
  }

  #reconcile(): void {
    if (this.#stopped) return;
    const now = this.#settings.now();
    const services = [...this.#desired].map(([name, desiredCount]) => ({
      name,
      desiredCount,
      held: this.#crashes.heldUntil(name) > now || this.#isTaken(name),
    }));
    const { stop, start } = placeTasks(this.#placed(), services, this.#settings.maxTasks);
    for (const id of stop) this.#stop(id);
    for (const service of start) this.#start(service);
    this.#noteWaiting();
  }

  /** Of a service of one task at a time, the last one is still there. */
  #isTaken(service: string): boolean {
    return this.#settings.single.has(service) && [...this.#tasks.values()].some((task) => task.service === service);
  }

  /** Says of services whose tasks wait what they wait for, and of others that they have what they want. */
  #noteWaiting(): void {
    const now = this.#settings.now();
    for (const [name] of this.#desired) {
      const { desiredCount = 0, runningCount = 0, pendingCount = 0 } = this.service(name) ?? {};
      if (pendingCount === 0) {
        if (runningCount === desiredCount && this.#history.events(name).length > 0) this.#history.steady(name, now);
      } else if (this.#crashes.heldUntil(name) > now) this.#history.crashing(name, now);
      else if (this.#tasks.size >= this.#settings.maxTasks) this.#history.noPlace(name, this.#settings.maxTasks, now);
    }
  }

  #start(service: string): void {
    const { startTask, now } = this.#settings;
    const id = randomUUID().replaceAll("-", "");
    const task: Task = { id, service, process: startTask(service, id), startedAt: now(), stopping: false, protectedUntil: 0 };
    this.#tasks.set(id, task);
    this.#history.taskStarted(service, id, task.startedAt);
    this.#countTasks(service);
    void task.process.exit.then((exit) => this.#ended(task, exit));
  }

  #stop(id: string): void {
    const task = this.#tasks.get(id);
    if (task === undefined) return;
    task.stopping = true;
    this.#history.taskStopping(task.service, id, this.#settings.now());
    task.process.terminate();
    const timer = this.#later(this.#settings.stopTimeoutMs, () => task.process.kill());
    void task.process.exit.then(() => clearTimeout(timer));
  }

  #ended(task: Task, exit: number | string): void {
    const { now, report, told } = this.#settings;
    const { id, service, startedAt, reason } = task;
    const byItself = !task.stopping && !this.#stopped;
    this.#tasks.delete(id);
    this.#history.taskStopped({ id, service, startedAt, stoppedAt: now(), exit, byItself, reason });
    this.#countTasks(service);
    if (byItself) {
      const delayMs = this.#crashes.crashed(service, now(), now() - startedAt);
      const how = typeof exit === "number" ? `exit code ${exit}` : exit;
      const then = delayMs === 0 ? "a new one starts" : `a new one starts in ${delayMs / 1_000} s`;
      const { error, log } = told?.(task) ?? {};
      const why = error === undefined ? "" : `: ${error}`;
      const where = log === undefined ? "" : ` (log: ${log})`;
      report(`worker ${taskName(task)} ended by itself with ${how}${why}${where}; ${then}`);
      if (delayMs > 0) this.#reconcileIn(delayMs);
    }
    this.#reconcile();
  }

  #countTasks(service: string): void {
    this.counts.record(service, this.service(service)?.runningCount ?? 0, this.#settings.now());
  }

  #reconcileIn(milliseconds: number): void {
    this.#later(milliseconds + 1, () => this.#reconcile());
  }

  #later(milliseconds: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, milliseconds);
    this.#timers.add(timer.unref());
    return timer;
  }
}

/** What people know a task by, and its log. */
export function taskName({ service, id }: Pick<FleetTask, "service" | "id">): string {
  return `${service}-${id.slice(0, 8)}`;
}
