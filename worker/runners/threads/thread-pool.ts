import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { HandlerThread, type HandlerThreadEvents, type HandlerThreadSettings } from "./handler-thread.ts";

/** Milliseconds that idle threads are kept beside the one in reserve: starting another one costs more. */
const IDLE_MS = 60_000;
/** Milliseconds that a thread which is done with is left to itself: its late errors are logged, and show what to fix. */
const LINGER_MS = 3_000;
/** Threads that are left to themselves at a time: they hold memory, though never more than a thread may keep. */
const MAX_LINGERING = 2;

export interface ThreadPoolSettings extends HandlerThreadSettings {
  /** Jobs at a time. */
  readonly concurrency: number;
  readonly stray: HandlerThreadEvents["stray"];
}

/**
 * Threads that run handlers. One is kept in reserve, its handler loaded, so that no job waits for a start because the job before it
 * has left something in its thread.
 */
export class ThreadPool {
  readonly #settings: ThreadPoolSettings;
  readonly #threads = new Set<HandlerThread>();
  /** Fit for a job, each with the timer that ends it. */
  readonly #idle = new Map<HandlerThread, NodeJS.Timeout>();
  readonly #lingering = new Set<HandlerThread>();
  /** Jobs that wait until a thread has been looked at, or has ended. */
  #waiting: (() => void)[] = [];
  #isClosed = false;

  constructor(settings: ThreadPoolSettings) {
    this.#settings = settings;
    this.#fillReserve();
  }

  /** @throws JobQueueError "ThreadNotEnded" where a thread cannot be ended; the system's error where it starts none. */
  async take(): Promise<HandlerThread> {
    this.#throwIfStuck();
    while (this.#idle.size === 0 && this.#isFull) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#throwIfStuck();
    }
    // The one whose code has run most is the fastest.
    const thread = [...this.#idle.keys()].sort((a, b) => b.runs - a.runs)[0] ?? this.#start();
    this.#remove(thread);
    this.#fillReserve();
    return thread;
  }

  /** Takes back a thread that is fit for another job. */
  keep(thread: HandlerThread): void {
    if (thread.isGone || this.#isClosed) return;
    const end = (): void => {
      if (this.#idle.size > 1) this.retire(thread, { atOnce: true });
    };
    this.#idle.set(thread, setTimeout(end, IDLE_MS).unref());
    this.#wakeOne();
  }

  /** Ends a thread that is fit for no other job, at once or when its late errors have had their time. */
  retire(thread: HandlerThread, { atOnce = false } = {}): void {
    this.#remove(thread);
    this.#threads.delete(thread);
    if (!thread.hasExited) this.#leaveToItself(thread, atOnce ? 0 : LINGER_MS);
    // A reserve that fails by itself, such as one that cannot reach its database, would be replaced without end.
    if (thread.runs > 0) this.#fillReserve();
    this.#wakeOne();
  }

  /** @throws JobQueueError "ThreadNotEnded" where a thread cannot be ended: no process exits by itself before its threads do. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#idle.values()) clearTimeout(timer);
    await Promise.all(this.#all.map((thread) => thread.terminate()));
    this.#throwIfStuck();
  }

  get #all(): readonly HandlerThread[] {
    return [...this.#threads, ...this.#lingering];
  }

  /** Its handler may hold what others need, and its memory and processor: only the end of the process ends it. */
  #throwIfStuck(): void {
    if (!this.#all.some(({ isStuck }) => isStuck)) return;
    throw new JobQueueError(
      "ThreadNotEnded",
      "the thread of an earlier job is in a call that does not return, and cannot be ended",
    );
  }

  /** Jobs, and one thread in reserve: what the limits of memory allow for. */
  get #isFull(): boolean {
    return this.#threads.size > this.#settings.concurrency;
  }

  #fillReserve(): void {
    if (this.#idle.size > 0 || this.#isFull || this.#isClosed) return;
    try {
      this.keep(this.#start());
    } catch {
      // The next job asks for one again, and is told.
    }
  }

  #start(): HandlerThread {
    const thread: HandlerThread = new HandlerThread(this.#settings, {
      stray: (stray) => {
        this.#settings.stray(stray);
        if (this.#idle.has(thread)) this.retire(thread);
      },
      gone: () => {
        this.#remove(thread);
        this.#lingering.delete(thread);
        this.#threads.delete(thread);
        this.#wakeOne();
      },
      stuck: () => {
        while (this.#waiting.length > 0) this.#wakeOne();
      },
    });
    this.#threads.add(thread);
    return thread;
  }

  #leaveToItself(thread: HandlerThread, lingerMs: number): void {
    this.#lingering.add(thread);
    if (lingerMs === 0 || this.#isClosed) void thread.terminate();
    else setTimeout(() => void thread.terminate(), lingerMs).unref();
    const [first] = this.#lingering;
    if (this.#lingering.size > MAX_LINGERING) void first?.terminate();
  }

  #wakeOne(): void {
    this.#waiting.shift()?.();
  }

  #remove(thread: HandlerThread): void {
    clearTimeout(this.#idle.get(thread));
    this.#idle.delete(thread);
  }
}
