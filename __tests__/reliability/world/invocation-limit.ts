import { LAMBDA_TIMEOUT_SECONDS } from "../../../domain/limits.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** Lambda ends an invocation that takes too long: the platform's have one timeout (`modules/lambda.ts`). */
export function limitInvocation(process: SimulatedProcess): void {
  process.run(() => setTimeout(() => process.kill(), LAMBDA_TIMEOUT_SECONDS * 1_000));
}

/** The same for the Lambdas that the world starts by itself: for dead letters, and for what is due. */
export function limitStartedLambdas(world: World): void {
  const limited = new Set<string>();
  world.chores.push(async () => {
    for (const process of world.processes) {
      if (!["dead-letter", "schedule"].includes(process.kind) || limited.has(process.name)) continue;
      limited.add(process.name);
      limitInvocation(process);
    }
    return false;
  });
}
