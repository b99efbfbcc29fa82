import type { Control, Controls } from "@autoscaling-job-queues/domain/controls";
import type { RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { LEASE_MS } from "@autoscaling-job-queues/domain/raise-times";
import { Problem } from "../../http/problem.ts";
import type { ScalingCalls } from "./scaling-calls.ts";

/** For all calls of a pause, or of its end; a Lambda may take 29 s. */
export const ROUND_MS = 8_000;
/** A call that was sent in time may arrive a little later, and the clocks of two Lambdas differ a little. */
const MARGIN_MS = 2_000;
const LOOK_MS = 250;
/** Longer than one pause may take; a resume still has time for its own calls. */
const LONGEST_WAIT_MS = ROUND_MS + MARGIN_MS + 1_000;

export interface SuspendDependencies {
  readonly controls: Pick<Controls, "get" | "suspending">;
  readonly scaling: ScalingCalls;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/**
 * Suspends what scales a paused type. It says so in the control before, and for how long that may take at most: whoever ends the pause waits
 * for that, so that a Lambda which stood still meanwhile suspends nothing afterwards.
 *
 * @param control that is paused, as it was read.
 * @returns false where somebody has written since: then nothing is suspended.
 */
export async function suspendType(
  { name, wake: service }: RegistryEntry,
  control: Control,
  { controls, scaling, now, sleep }: SuspendDependencies,
): Promise<boolean> {
  const begun = now();
  const signal = AbortSignal.timeout(ROUND_MS);
  const { suspendingUntil: before = 0 } = control;
  const held = await controls.suspending(name, control, Math.max(begun + ROUND_MS + MARGIN_MS, before + 1));
  if (held === undefined) return false;
  let raisedUntil: number | undefined;
  const calls = [
    async () => {
      raisedUntil = await scaling.hold(name, true, signal);
    },
    () => scaling.suspend(service, true, signal),
    () => scaling.setDesiredCount(service, 0, signal),
    async () => {
      if (raisedUntil === undefined) return;
      // Whoever had begun to raise the count is done with it by then.
      await sleep(Math.min(LEASE_MS, Math.max(0, raisedUntil - now())));
      await scaling.setDesiredCount(service, 0, signal);
    },
    // Last, as jobs are to stop whatever becomes of the alarms, which take minutes to fire.
    () => scaling.silence(service, true, signal),
  ];
  try {
    for (const call of calls) {
      // A timer tells a Lambda that was frozen only after it has gone on.
      if (now() - begun >= ROUND_MS) throw new Error(`pausing ${name} took longer than ${ROUND_MS} ms`);
      await call();
    }
  } finally {
    // A call that nobody waits for any more may still come. And another one who began before may still be at it.
    if (!signal.aborted) await controls.suspending(name, held, Math.max(before, now()));
  }
  return true;
}

/**
 * Waits until nobody suspends what scales a type any more.
 *
 * @returns the control as it is then: whoever begins later changes it.
 * @throws Problem 503 where others go on and on.
 */
export async function notSuspending(
  name: string,
  control: Control,
  { controls, now, sleep }: Omit<SuspendDependencies, "scaling">,
): Promise<Control> {
  const begun = now();
  let current = control;
  while (current.suspendingUntil !== undefined && current.suspendingUntil > now()) {
    if (now() - begun > LONGEST_WAIT_MS) throw new Problem("Unavailable", `others are pausing ${name}; try again`);
    await sleep(Math.min(LOOK_MS, current.suspendingUntil - now()));
    current = await controls.get(name);
  }
  return current;
}
