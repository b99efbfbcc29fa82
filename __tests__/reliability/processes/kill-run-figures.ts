import type { ChaosPlatform } from "./chaos-platform.ts";
import type { KillRun } from "./kill-run.ts";
import { percentile, seconds } from "./trends.ts";

/** The figures of a run, for the report. */
export function killRunFigures(run: KillRun, platform: ChaosPlatform): Record<string, string | number> {
  const { accepted, final, verdict, done, exits, recoveryMs, settleMs, disturbed, frozen } = run;
  const count = (status: string): number => final.jobs.filter((job) => job.status === status).length;
  const broken = (...invariants: readonly number[]): number =>
    verdict.violations.filter(({ invariant }) => invariants.includes(invariant)).length;
  const died = exits.filter(({ exit: [, signal] }) => signal !== null).length;
  const inTime = platform.unanswered.filter(({ by }) => !frozen.has(by));
  const longest = (isReceive: boolean): string =>
    seconds(
      Math.max(
        0,
        ...inTime.filter(({ operation }) => (operation === "ReceiveMessage") === isReceive).map((call) => call.milliseconds),
      ),
    );
  const at = (share: number): string => seconds(percentile(recoveryMs, share));
  return {
    "jobs accepted": accepted.size,
    "batches accepted": run.batches.size,
    "jobs that the scheduler sent": platform.recorder.facts.filter(({ kind }) => kind === "scheduled").length,
    "jobs that succeeded": count("SUCCEEDED"),
    "jobs that failed": count("FAILED"),
    "jobs that were cancelled": count("CANCELLED"),
    claims: platform.recorder.facts.filter((fact) => fact.kind === "handlerStarted").length,
    "SIGKILLs to workers": done.kill,
    "workers stopped (SIGSTOP) past their leases, then continued": done.freeze,
    "SIGTERMs to workers under load": done.terminate,
    "SIGKILLs to the process of the Lambdas": done.killLambdas,
    "SIGKILLs to the process of the emulators, restarted on the same state": done.restartEmulators,
    "workers that were killed or died, out-of-memory and crashing jobs included": died,
    "calls left without an answer": disturbed.stall,
    "connections broken under a call": disturbed.reset,
    "calls delayed": disturbed.delay,
    "facts recorded": platform.recorder.facts.length,
    lost: broken(1),
    "doubled results": broken(6, 10),
    stuck: broken(13, 14),
    lease: `${platform.leaseSeconds} s`,
    "jobs held by workers that got a SIGKILL": recoveryMs.length,
    "from the SIGKILL to the next claim, through whatever else was killed meanwhile": `p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}`,
    "longest wait for an answer that never came (deadline 5 s)": longest(false),
    "longest wait for a receive that never came (deadline 25 s)": longest(true),
    "until everything had ended after the last fault": seconds(settleMs),
  };
}
