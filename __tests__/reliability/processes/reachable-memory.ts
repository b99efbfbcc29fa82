import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** What a process could not let go of when it was asked: what a leak adds to, and garbage does not. */
export interface ReachableMemory {
  readonly pid: number;
  /** V8's heap of the main thread, after a garbage collection. */
  readonly heapBytes: number;
  /** Buffers and other memory outside of the heap that objects in it hold. */
  readonly externalBytes: number;
  /** Anonymous memory beside V8's heap of the main thread and what its objects hold: what a leak of native code adds to. */
  readonly outsideBytes: number;
  /** Of the process: each has a heap of its own, which counts as outside. */
  readonly threads: number;
}

/** Names the socket of a process's probe. */
export const PROBE_VARIABLE = "RELIABILITY_PROBE";

/**
 * Mebibytes of V8's young generation, of which there are two halves. By itself it grows to 64 MiB and shrinks to 1 with the load, and V8
 * keeps the pages that it let go of: a change of tens of mebibytes outside of the heap that is no leak.
 */
const SEMI_SPACE_MIB = 2;

/** Variables of a process that is to have a probe at this socket. */
export function probeVariables(socket: string): NodeJS.ProcessEnv {
  const probe = new URL("./memory-probe.ts", import.meta.url).href;
  return { [PROBE_VARIABLE]: socket, NODE_OPTIONS: `--max-semi-space-size=${SEMI_SPACE_MIB} --import ${probe}` };
}

/** Asks a process's probe. @returns undefined when the process is gone, or ends meanwhile. */
export async function reachableMemory(socket: string): Promise<ReachableMemory | undefined> {
  const connection = connect(socket);
  try {
    return JSON.parse(await text(connection)) as ReachableMemory;
  } catch {
    return undefined;
  } finally {
    connection.destroy();
  }
}
