import type { JobClaim } from "../../../domain/job.ts";
import type { LeaseHeartbeat } from "../../../worker/leases/heartbeat.ts";
import type { LeaseKeeper, LeaseListener } from "../../../worker/leases/lease-keeper.ts";
import { claimKey, type FromLeaseThread, type Hold } from "../../../worker/leases/messages.ts";

/** How often the lease thread looks at what is due, in milliseconds (`worker/leases/lease-thread.ts`). */
const TICK_MS = 250;
/** How long the end of a claim waits to be told (`worker/leases/lease-keeper.ts`). */
const DROP_MS = 250;

/**
 * The lease keeper without its thread: the same heartbeat, driven by timers of the process, which are the world's. What the
 * thread adds, that no handler can block it, is for tests with real threads.
 */
export class SimulatedLeases implements Pick<LeaseKeeper, "hold" | "drop" | "close"> {
  readonly #heartbeat: LeaseHeartbeat;
  readonly #listeners = new Map<string, LeaseListener>();
  #held = 0;
  #ticks: NodeJS.Timeout | undefined;

  /** @param heartbeat makes the heartbeat, which tells what it learns to `report`. */
  constructor(heartbeat: (report: (message: FromLeaseThread) => void) => LeaseHeartbeat) {
    this.#heartbeat = heartbeat((message) => {
      if (message.kind === "lost") this.#listeners.get(claimKey(message.claim))?.lost();
      else if (message.kind === "changed") this.#listeners.get(claimKey(message.job))?.changed(message.job);
    });
  }

  async hold(hold: Hold, listener: LeaseListener): Promise<void> {
    this.#listeners.set(claimKey(hold), listener);
    this.#heartbeat.hold(hold);
    this.#held += 1;
    this.#ticks ??= setInterval(() => this.#heartbeat.tick(), TICK_MS);
  }

  drop(claim: JobClaim, { atOnce = false } = {}): void {
    if (!this.#listeners.delete(claimKey(claim))) return;
    const tell = (): void => {
      this.#heartbeat.drop(claim);
      this.#held -= 1;
      // Ticks without a claim do nothing, and only slow the simulation down.
      if (this.#held === 0) this.#stopTicks();
    };
    if (atOnce) tell();
    else setTimeout(tell, DROP_MS);
  }

  async close(): Promise<void> {
    this.#stopTicks();
  }

  #stopTicks(): void {
    clearInterval(this.#ticks);
    this.#ticks = undefined;
  }
}
