import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const MEBIBYTE = 1_048_576;
/** V8 frees the buffers that one collection finds at the latest in the next, on a busy machine in one more. */
const MAX_COLLECTIONS = 3;

/** Collects garbage, of this thread only. Node has no other way to ask for it that needs no flag of the process. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/** Bytes on this thread's heap, and of the buffers that it holds. */
function used(): number {
  const { used_heap_size: heap, external_memory: buffers } = getHeapStatistics();
  return heap + buffers;
}

/** Knows what a thread holds at first, and tells when it keeps much more. */
export class KeptMemory {
  readonly #maxBytes: number;
  readonly #collect = garbageCollector();
  readonly #before: number;

  /** @param maxMiB that jobs may leave, together. */
  constructor(maxMiB: number) {
    this.#maxBytes = maxMiB * MEBIBYTE;
    this.#collect();
    this.#before = used();
  }

  /** Such as `150 MiB of memory`; undefined where it is no more than jobs may leave. Garbage does not count. */
  find(): string | undefined {
    for (let collections = 0; this.#kept > this.#maxBytes; collections += 1) {
      if (collections === MAX_COLLECTIONS) return `${Math.round(this.#kept / MEBIBYTE)} MiB of memory`;
      this.#collect();
    }
    return undefined;
  }

  get #kept(): number {
    return used() - this.#before;
  }
}
