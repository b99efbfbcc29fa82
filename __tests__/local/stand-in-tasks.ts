import type { TaskProcess } from "../../local/aws/task-process.ts";

/** A task that runs until a test ends it. */
export interface StandInTask extends TaskProcess {
  readonly service: string;
  readonly id: string;
  readonly signals: string[];
  end(exit: number | string): void;
}

/** Tasks without processes. @param obedient whether they end when they are asked to. */
export function standInTasks({ obedient = true } = {}) {
  const tasks: StandInTask[] = [];
  const startTask = (service: string, id: string): TaskProcess => {
    const { promise, resolve } = Promise.withResolvers<number | string>();
    const signals: string[] = [];
    const task: StandInTask = {
      service,
      id,
      signals,
      end: resolve,
      exit: promise,
      members: () => [],
      terminate: () => {
        signals.push("SIGTERM");
        if (obedient) resolve(0);
      },
      kill: () => {
        signals.push("SIGKILL");
        resolve("SIGKILL");
      },
    };
    tasks.push(task);
    return task;
  };
  return { tasks, startTask };
}
