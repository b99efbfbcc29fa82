import { connect } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";

/** What a process could not let go of when it was asked: what a leak adds to, and garbage does not. */
export interface ReachableMemory {
  /** V8's heap of the main thread, after a garbage collection. */
  readonly heapBytes: number;
  /** Buffers and other memory outside of the heap that objects in it hold. */
  readonly externalBytes: number;
}

/** Names the folder of the probes' sockets. */
export const PROBES_VARIABLE = "RELIABILITY_PROBES";

/** Node's arguments that load the probe into a process whose environment has `PROBES_VARIABLE`. */
export const PROBE_ARGUMENTS = ["--import", new URL("./memory-probe.ts", import.meta.url).href] as const;

export function socketOf(folder: string, pid: number): string {
  return path.join(folder, `${pid}.sock`);
}

/** Asks a process's probe. @returns undefined when the process is gone, or ends meanwhile. */
export async function reachableMemory(folder: string, pid: number): Promise<ReachableMemory | undefined> {
  const socket = connect(socketOf(folder, pid));
  try {
    return JSON.parse(await text(socket)) as ReachableMemory;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}
