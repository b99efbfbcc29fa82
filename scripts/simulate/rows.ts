import type { ContainerSettings } from "@autoscaling-job-queues/domain/job-type";
import { median, type PatternResult } from "../../scaling/simulator/compare.ts";
import type { Figures } from "../../scaling/simulator/figures.ts";
import { taskHour } from "../job-costs.ts";

/** A policy on a pattern, as texts of a table. */
export interface Row {
  readonly pattern: string;
  readonly policy: string;
  readonly drain: string;
  readonly waitP50: string;
  readonly waitP95: string;
  readonly taskHours: string;
  readonly price: string;
  /** Its task-hours by those of the oracle at our p95 wait. */
  readonly ratio: string;
}

export const HEADS: Readonly<Record<keyof Row, string>> = {
  pattern: "pattern",
  policy: "policy",
  drain: "drained",
  waitP50: "wait p50",
  waitP95: "wait p95",
  taskHours: "task-hours",
  price: "USD",
  ratio: "by oracle",
};

/** This system first, then what there was before its fast path, the peers, and the oracle. */
export function rowsOf(result: PatternResult, container: ContainerSettings): Row[] {
  const { pattern, ours, before, peers, oracle } = result;
  const all: { readonly name: string; readonly figures: Figures }[] = [
    ...[ours, before, ...peers].map(({ policy, figures }) => ({ name: policy.name, figures })),
    ...(oracle === undefined ? [] : [{ name: "oracle", figures: oracle.figures }]),
  ];
  const usdHour = taskHour(container.cpu, container.memoryMiB, "ARM64");
  return all.map(({ name, figures }) => ({
    pattern: pattern.name,
    policy: name,
    drain: duration(figures.drainSeconds),
    waitP50: duration(figures.waitP50),
    waitP95: duration(figures.waitP95),
    taskHours: figures.taskHours.toFixed(figures.taskHours < 1 ? 3 : 2),
    price: (figures.taskHours * usdHour).toFixed(figures.taskHours * usdHour < 0.1 ? 4 : 2),
    ratio: oracle === undefined ? "" : (figures.taskHours / oracle.figures.taskHours).toFixed(2),
  }));
}

/** Such as 42 s, 3 min 5 s, 2 h 10 min. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "never";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 600) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A figure that this system is held to. */
export interface Verdict {
  readonly what: string;
  readonly bar: string;
  readonly measured: string;
  readonly met: boolean;
}

export const MEDIAN_RATIO = 1.15;
export const WORST_RATIO = 1.4;
/** Seconds within which as many tasks are wanted as a burst needs. */
const RIGHT_COUNT_SECONDS = 10;

export function verdictsOf(results: readonly PatternResult[]): Verdict[] {
  const ratios = results.flatMap(({ pattern, ratio }) => (ratio === undefined ? [] : [{ name: pattern.name, ratio }]));
  const middle = median(ratios.map(({ ratio }) => ratio));
  const beaten = results.filter(({ beatenBy }) => beatenBy.length > 0);
  const burst = results.find(({ pattern }) => pattern.name === "burst");
  return [
    ...(ratios.length > 1
      ? [
          {
            what: "task-hours by the oracle's, the median of the patterns",
            bar: `at most ${MEDIAN_RATIO}`,
            measured: middle.toFixed(2),
            met: middle <= MEDIAN_RATIO,
          },
        ]
      : []),
    ...ratios.map(({ name, ratio }) => ({
      what: `task-hours by the oracle's: ${name}`,
      bar: `at most ${WORST_RATIO}`,
      measured: ratio.toFixed(2),
      met: ratio <= WORST_RATIO,
    })),
    {
      what: "peers that wait less and cost less",
      bar: "none",
      measured: beaten.map(({ pattern, beatenBy }) => `${pattern.name}: ${beatenBy.join(", ")}`).join("; ") || "none",
      met: beaten.length === 0,
    },
    ...(burst === undefined
      ? []
      : [
          {
            what: "burst from zero: seconds to the right desired count",
            bar: `at most ${RIGHT_COUNT_SECONDS}`,
            measured: burst.rightCountSeconds?.toFixed(1) ?? "never",
            met: (burst.rightCountSeconds ?? Number.POSITIVE_INFINITY) <= RIGHT_COUNT_SECONDS,
          },
        ]),
  ];
}
