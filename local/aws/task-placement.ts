/** A task that has been started and has not ended. */
export interface PlacedTask {
  readonly id: string;
  readonly service: string;
  /** It has been told to stop. */
  readonly stopping: boolean;
  readonly isProtected: boolean;
}

export interface ServiceDemand {
  readonly name: string;
  readonly desiredCount: number;
  /** Nothing is started for it now, because its tasks crash. */
  readonly held: boolean;
}

export interface Placement {
  /** IDs of tasks to stop. */
  readonly stop: readonly string[];
  /** Services to start a task of, one entry for each. */
  readonly start: readonly string[];
}

/**
 * What a scheduler does to bring services to their desired counts: as ECS, it never stops a protected task, whatever the
 * desired count, and it starts nothing while there is no capacity. The service with the fewest tasks is served first.
 *
 * @param tasks oldest first; of several that could be stopped, the newest are.
 * @param maxTasks how many tasks this machine runs at once, those that are stopping included.
 */
export function placeTasks(tasks: readonly PlacedTask[], services: readonly ServiceDemand[], maxTasks: number): Placement {
  const active = new Map(services.map(({ name }) => [name, tasks.filter((task) => task.service === name && !task.stopping)]));
  const stop = services.flatMap(({ name, desiredCount }) => {
    const running = active.get(name) ?? [];
    const surplus = Math.max(0, running.length - desiredCount);
    const newestFirst = running.filter((task) => !task.isProtected).toReversed();
    return newestFirst.slice(0, surplus).map(({ id }) => id);
  });

  const counts = new Map(services.map(({ name }) => [name, active.get(name)?.length ?? 0]));
  const count = (name: string): number => counts.get(name) ?? 0;
  const start: string[] = [];
  while (tasks.length + start.length < maxTasks) {
    const [next] = services
      .filter(({ name, desiredCount, held }) => !held && count(name) < desiredCount)
      .sort((a, b) => count(a.name) - count(b.name));
    if (next === undefined) break;
    counts.set(next.name, count(next.name) + 1);
    start.push(next.name);
  }
  return { stop, start };
}

/**
 * Whether ECS would protect one more task: it answers DEPLOYMENT_BLOCKED when more tasks of a service would be protected
 * than it is to run (Amazon ECS: task scale-in protection).
 */
export function mayProtect(tasks: readonly PlacedTask[], id: string, desiredCount: number): boolean {
  const service = tasks.find((task) => task.id === id)?.service;
  const others = tasks.filter((task) => task.service === service && task.id !== id && task.isProtected);
  return others.length < desiredCount;
}
