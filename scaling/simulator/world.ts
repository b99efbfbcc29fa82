import type { QueueSample } from "../metrics.ts";
import type { Arrival } from "./arrivals.ts";
import type { Random } from "./random.ts";

/** What the simulated AWS is like. Every figure has its source in docs/simulation.md. */
export interface WorldSettings {
  /** Jobs that one task runs at a time. */
  readonly concurrency: number;
  readonly maxTasks: number;
  /** Seconds from a task's launch to its first receive, on average: network interface, image pull, start of the program. */
  readonly startSeconds: number;
  /** Seconds that an attempt may take: how far ahead a busy task asks for protection. */
  readonly timeoutSeconds: number;
  /** Interruptions by Fargate Spot that a task meets in an hour, on average. */
  readonly spotInterruptionsPerHour: number;
  /** A deployment that is under way, in seconds since the start: while it lasts, no policy scales in. */
  readonly deployment?: { readonly from: number; readonly until: number };
}

/** What a policy sees and does. Times are seconds since the start. */
export interface PolicyWorld {
  readonly settings: WorldSettings;
  readonly random: Random;
  readonly now: number;
  readonly desiredCount: number;
  /** Tasks that receive. */
  readonly runningCount: number;
  /** Messages, as the queue's own attributes have them: at once, without CloudWatch. */
  readonly queue: { readonly visible: number; readonly inFlight: number };
  /** Of the slots of running tasks those with a job, from 0 to 1; 0 without a task. */
  readonly utilization: number;
  /** The metrics that CloudWatch has by now, of so many of the latest whole minutes, oldest first. */
  samples(minutes: number): readonly QueueSample[];
  /** Sets the service's desired count: `UpdateService`. */
  setDesiredCount(count: number): void;
  /** As Application Auto Scaling does it: within `maxTasks`, and never down while a deployment is under way. */
  scaleTo(count: number): void;
  at(at: number, act: () => void): void;
  /** From a random moment on, again and again. @param seconds between two. */
  every(seconds: number, act: () => void): void;
  /** Told of jobs that have just been added, at the same moment; not of those that come back, of which whoever adds jobs knows nothing. */
  onAdd(told: (jobs: readonly Arrival[]) => void): void;
}

/** What decides how many tasks run. */
export interface Policy {
  readonly name: string;
  /** Where its makers describe it. */
  readonly source: string;
  /** Tasks that run from the start on, and at the least. */
  readonly minTasks: number;
  /** Whether busy tasks are protected from scale-in. Where not, one is told to stop and has 30 s. */
  readonly protectsBusyTasks: boolean;
  attach(world: PolicyWorld): void;
}
