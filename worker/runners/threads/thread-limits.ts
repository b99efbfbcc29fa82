/** What V8 may take for the heap of one thread; names and units are those of Node's `resourceLimits`. */
export interface HeapLimits {
  readonly maxOldGenerationSizeMb: number;
  readonly maxYoungGenerationSizeMb: number;
}

/** What a thread may take, and what its jobs may leave in it before it is replaced. */
export interface ThreadLimits extends HeapLimits {
  /** MiB of heap and buffers, together. */
  readonly maxKeptMiB: number;
}

/**
 * MiB for the worker itself: its own thread, the lease thread, the AWS clients and Node. Measured (Node 24, x64): 108 MiB
 * resident when idle, some 130 after its first jobs; the rest is for garbage that V8 has not collected yet.
 */
const WORKER_MIB = 160;
/**
 * How many handlers may leak at the same time. To hold out against all of many, each would get so little that a handler's
 * single large value, such as a result of megabytes, would not fit; and V8 ends the whole process for one of those.
 */
const LEAKING = 2;
/** MiB that a thread takes beside its heap: its isolate, its code, and what its last collection needs (measured: 10). */
const THREAD_MIB = 12;
/** MiB for the thread in reserve: its isolate, Node's modules and the handler's. */
const RESERVE_MIB = 32;
/** Of a thread's heap, what its jobs may leave in it, as a part and in MiB at most: so much less has the next job. */
const KEPT_SHARE = 1 / 8;
const MAX_KEPT_MIB = 64;
/** Of a thread's part of the container, what its heap may fill; the rest is for its buffers and native memory. */
const HEAP_SHARE = 0.85;
/** V8 makes a young generation of three semi-spaces, and rounds them up to a power of two. */
const SEMI_SPACES = 3;
/** V8's own choice where nothing bounds it, in MiB. */
const MAX_SEMI_SPACE_MIB = 16;
/** Of a thread's heap, the most that may be young: less means more collections, more takes from what a handler can keep. */
const YOUNG_SHARE = 1 / 6;

/**
 * Divides a container's memory so that the worker and two threads with full heaps stay within it, beside one in reserve: then
 * a handler that leaks loses its thread, and not the whole container.
 *
 * @param concurrency threads.
 * @param memoryMiB memory of the whole container: 512 and more, as Fargate offers it.
 */
export function threadLimits(concurrency: number, memoryMiB: number): ThreadLimits {
  const part = (memoryMiB - WORKER_MIB - RESERVE_MIB) / Math.min(concurrency, LEAKING);
  const heap = Math.floor((part - THREAD_MIB) * HEAP_SHARE);
  const semiSpace = Math.min(MAX_SEMI_SPACE_MIB, 2 ** Math.floor(Math.log2((heap * YOUNG_SHARE) / SEMI_SPACES)));
  const maxYoungGenerationSizeMb = SEMI_SPACES * semiSpace;
  return {
    maxOldGenerationSizeMb: heap - maxYoungGenerationSizeMb,
    maxYoungGenerationSizeMb,
    maxKeptMiB: Math.min(MAX_KEPT_MIB, Math.floor(heap * KEPT_SHARE)),
  };
}
