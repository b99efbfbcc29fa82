import { randomUUID } from "node:crypto";
import { STOP_TIMEOUT_SECONDS } from "@autoscaling-job-queues/domain/limits";
import { CrashLog } from "../crash-log.ts";
import { TaskCounts } from "./task-counts.ts";
import { mayProtect, type PlacedTask, placeTasks } from "./task-placement.ts";
import type { TaskProcess } from "./task-process.ts";

export interface FleetSettings {
  /** One service per job type. */
  readonly services: readonly string[];
  /** Tasks of all services that this machine runs at once; more wait, as when Fargate has no capacity. */
  readonly maxTasks: number;
  readonly startTask: (service: string, taskId: string) => TaskProcess;
  /** Told in one sentence when a task ends by itself. */
  readonly report: (line: string) => void;
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

/** A task that runs. */
export interface FleetTask {
  readonly id: string;
  readonly service: string;
  readonly process: TaskProcess;
}

interface Task extends FleetTask {
  readonly startedAt: number;
  stopping: boolean;
  /** Epoch milliseconds. */
  protectedUntil: number;
}

/** ECS for one machine: keeps each service at its desired count, with processes as tasks. */
export class Fleet {
  readonly counts: TaskCounts;
  readonly #settings: Required<FleetSettings>;
  readonly #desired: Map<string, number>;
  readonly #tasks = new Map<string, Task>();
  readonly #crashes = new CrashLog();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #killAll = (): void => this.kill();
  #stopped = false;

  constructor(settings: FleetSettings) {
    this.#settings = { stopTimeoutMs: STOP_TIMEOUT_SECONDS * 1_000, now: Date.now, ...settings };
    this.#desired = new Map(settings.services.map((service) => [service, 0]));
    this.counts = new TaskCounts(settings.services, this.#settings.now());
    process.on("exit", this.#killAll);
  }

  /** The tasks that run, oldest first. */
  tasks(): readonly FleetTask[] {
    return [...this.#tasks.values()];
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

  setDesiredCount(service: string, desiredCount: number): void {
    if (!this.#desired.has(service)) throw new RangeError(`there is no service ${service}`);
    this.#desired.set(service, desiredCount);
    this.#reconcile();
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
      held: this.#crashes.heldUntil(name) > now,
    }));
    const { stop, start } = placeTasks(this.#placed(), services, this.#settings.maxTasks);
    for (const id of stop) this.#stop(id);
    for (const service of start) this.#start(service);
  }

  #start(service: string): void {
    const { startTask, now } = this.#settings;
    const id = randomUUID().replaceAll("-", "");
    const task: Task = { id, service, process: startTask(service, id), startedAt: now(), stopping: false, protectedUntil: 0 };
    this.#tasks.set(id, task);
    this.#countTasks(service);
    void task.process.exit.then((exit) => this.#ended(task, exit));
  }

  #stop(id: string): void {
    const task = this.#tasks.get(id);
    if (task === undefined) return;
    task.stopping = true;
    task.process.terminate();
    const timer = this.#later(this.#settings.stopTimeoutMs, () => task.process.kill());
    void task.process.exit.then(() => clearTimeout(timer));
  }

  #ended(task: Task, exit: number | string): void {
    const { now, report } = this.#settings;
    this.#tasks.delete(task.id);
    this.#countTasks(task.service);
    if (!task.stopping && !this.#stopped) {
      const delayMs = this.#crashes.crashed(task.service, now(), now() - task.startedAt);
      const how = typeof exit === "number" ? `exit code ${exit}` : exit;
      const then = delayMs === 0 ? "a new one starts" : `a new one starts in ${delayMs / 1_000} s`;
      report(`worker ${taskName(task)} ended by itself with ${how}; ${then}`);
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
