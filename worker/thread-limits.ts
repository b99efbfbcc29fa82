import { SettingsError } from "@autoscaling-job-queues/domain/errors";

/** What V8 may take for the heap of one thread; names and units are those of Node's `resourceLimits`. */
export interface ThreadLimits {
  readonly maxOldGenerationSizeMb: number;
  readonly maxYoungGenerationSizeMb: number;
}

/**
 * MiB for the worker itself: its own thread, the lease thread, the AWS clients and Node. Measured (Node 24, x64): 108 MiB
 * resident when idle, some 130 after its first jobs; the rest is for garbage that V8 has not collected yet.
 */
const WORKER_MIB = 160;
/** MiB that each thread takes beside its heap: its isolate, its code, and what its last collection needs (measured: 10). */
const THREAD_MIB = 12;
/** Of a thread's part of the container, what its heap may fill; the rest is for its buffers and native memory. */
const HEAP_SHARE = 0.85;
/**
 * The least old space of a thread, in MiB. V8 starts no thread with 4, and the packages of a handler take up to 14
 * (measured: `jobs/document`) before its first job.
 */
const MIN_OLD_MIB = 24;
/** V8 makes a young generation of three semi-spaces, and rounds them up to a power of two. */
const SEMI_SPACES = 3;
/** V8's own choice where nothing bounds it, in MiB. */
const MAX_SEMI_SPACE_MIB = 16;
/** Of a thread's heap, the most that may be young: less means more collections, more takes from what a handler can keep. */
const YOUNG_SHARE = 1 / 6;

const MIN_HEAP_MIB = MIN_OLD_MIB + SEMI_SPACES;

/**
 * Divides a container's memory so that the worker and all of its threads, each with a full heap, stay within it: then a
 * handler that leaks loses its thread, and not the whole container.
 *
 * @param concurrency threads.
 * @param memoryMiB memory of the whole container.
 * @throws SettingsError when the memory is too little for so many threads.
 */
export function threadLimits(concurrency: number, memoryMiB: number): ThreadLimits {
  const left = memoryMiB - WORKER_MIB;
  const heap = Math.floor((left / concurrency - THREAD_MIB) * HEAP_SHARE);
  if (heap < MIN_HEAP_MIB) {
    const most = Math.max(0, Math.floor(left / (THREAD_MIB + MIN_HEAP_MIB / HEAP_SHARE)));
    throw new SettingsError("concurrency", concurrency, `at most ${most} threads in a container of ${memoryMiB} MiB`);
  }
  const semiSpace = Math.min(MAX_SEMI_SPACE_MIB, 2 ** Math.floor(Math.log2((heap * YOUNG_SHARE) / SEMI_SPACES)));
  const maxYoungGenerationSizeMb = SEMI_SPACES * semiSpace;
  return { maxOldGenerationSizeMb: heap - maxYoungGenerationSizeMb, maxYoungGenerationSizeMb };
}
