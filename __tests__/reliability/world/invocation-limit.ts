import { LAMBDA_TIMEOUT_SECONDS } from "../../../domain/limits.ts";
import type { ProcessKind, SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** What no client asks for. */
const STARTED: ReadonlySet<ProcessKind> = new Set(["dead-letter", "on-complete", "schedule"]);

/** Lambda ends an invocation that takes too long: the platform's have one timeout (`modules/lambda.ts`). */
export function limitInvocation(process: SimulatedProcess): void {
  process.run(() => setTimeout(() => process.kill(), LAMBDA_TIMEOUT_SECONDS * 1_000));
}

/** The same for the Lambdas that the world starts by itself. */
export function limitStarted(world: World): void {
  const limited = new Set<string>();
  world.chores.push(async () => {
    for (const process of world.processes) {
      if (!STARTED.has(process.kind) || limited.has(process.name)) continue;
      limited.add(process.name);
      limitInvocation(process);
    }
    return false;
  });
}
