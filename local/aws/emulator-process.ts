import { type ChildProgram, startChildProgram } from "./child-program.ts";
import { type Endpoints, SERVICES, type Service } from "./endpoints.ts";
import type { RequestCounts } from "./request-counter.ts";

/** Emulators of AWS services, in a process of their own that ends with this one. */
export interface Emulators {
  /** Addresses of the services that were asked for. */
  readonly endpoints: Partial<Endpoints>;
  /** Requests since the start or the last reset, without those of the local platform itself. */
  requestCounts(): Promise<RequestCounts>;
  resetRequestCounts(): Promise<void>;
  /** Settles when the process has ended, with a sentence that says how. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface EmulatorSettings {
  /** @default all */
  readonly services?: readonly Service[];
  /** Folder that keeps their state. @default it is in memory */
  readonly folder?: string | undefined;
  /** File for what the emulators print. @default this process's own output */
  readonly log?: string;
}

/** @throws JobQueueError "ProcessEnded" when the process ends before the emulators are ready. */
export async function startEmulators({ services = SERVICES, folder, log }: EmulatorSettings = {}): Promise<Emulators> {
  const program: ChildProgram<Partial<Endpoints>> = await startChildProgram({
    name: "the process of the AWS emulators",
    program: new URL("./emulators.ts", import.meta.url),
    args: [...services, ...(folder === undefined ? [] : ["--folder", folder])],
    ...(log === undefined ? {} : { log }),
  });
  return {
    endpoints: program.ready,
    requestCounts: () => program.request("counts"),
    resetRequestCounts: () => program.request("reset"),
    ended: program.ended,
    stop: () => program.stop(),
  };
}
