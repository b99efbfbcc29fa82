import type { Model } from "./model.ts";
import type { World } from "./world.ts";

/** Whether an add-job Lambda that has sent a message may yet create its job. */
export function isAdding({ configuration }: Model, { processes }: World): boolean {
  return processes.some(({ step, resends }, slot) => {
    return configuration.processes[slot] === "add job" && (step === "create" || (step === "send" && resends));
  });
}
