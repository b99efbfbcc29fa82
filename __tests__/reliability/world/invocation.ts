import type { ProcessKind, SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** An invocation of a Lambda by AWS: nobody waits for its answer. */
export interface Invocation {
  readonly process: SimulatedProcess;
  /** Whether it came to its end; of one that is gone and is not done, Lambda makes another. */
  readonly isDone: boolean;
}

/** Invokes a Lambda in a fresh process, which exits when its code has ended. An error that the code throws is logged, as Lambda does. */
export function invoke(world: World, kind: ProcessKind, code: (process: SimulatedProcess) => Promise<unknown>): Invocation {
  const process = world.spawn(kind);
  const invocation = { process, isDone: false };
  process.run(async () => {
    try {
      await code(process);
      invocation.isDone = true;
    } catch (error) {
      world.log.push(`${process.name}: ${(error as Error).message}`);
    }
    process.exit();
  });
  return invocation;
}
