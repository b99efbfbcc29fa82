import { describe, expect, it } from "vitest";
import { MetricStore } from "../../../local/aws/metric-store.ts";

const NOW = Date.parse("2026-11-30T03:00:00.000Z");
const METRIC = { namespace: "Jobs", name: "RunTime", dimensions: { jobType: "report", service: "worker" } };

/** The points of the last so many minutes of the local clock, by how many minutes ago they begin. */
function points(store: MetricStore, statistic: string, minutes: number, periodMinutes = 1) {
  const window = { start: NOW - minutes * 60_000, end: NOW, periodMs: periodMinutes * 60_000 };
  return Object.fromEntries([...store.points(METRIC, statistic, window, NOW)].map(([at, value]) => [(NOW - at) / 60_000, value]));
}

describe("metrics on one machine", () => {
  it("are told by period and statistic", () => {
    const store = new MetricStore(1);
    store.put(METRIC, [1, 2], NOW - 120_000);
    store.put(METRIC, [9], NOW - 90_000);
    store.put(METRIC, [4], NOW - 60_000);
    expect(points(store, "Sum", 5)).toEqual({ 2: 12, 1: 4 });
    expect(points(store, "Maximum", 5)).toEqual({ 2: 9, 1: 4 });
    expect(points(store, "SampleCount", 5)).toEqual({ 2: 3, 1: 1 });
    expect(points(store, "Average", 5)).toEqual({ 2: 4, 1: 4 });
    expect(points(store, "p50", 5)).toEqual({ 2: 2, 1: 4 });
    expect(points(store, "p95", 5, 5)).toEqual({ 5: 9 });
    expect(() => points(store, "TM(10%:90%)", 5)).toThrow("the statistic TM(10%:90%) is not known here");
  });

  it("are those of one name, one namespace and the same dimensions, in whatever order", () => {
    const store = new MetricStore(1);
    store.put({ ...METRIC, dimensions: { service: "worker", jobType: "report" } }, [1], NOW - 60_000);
    store.put({ ...METRIC, dimensions: { service: "worker", jobType: "etl" } }, [2], NOW - 60_000);
    store.put({ ...METRIC, name: "QueueWait" }, [3], NOW - 60_000);
    store.put({ ...METRIC, namespace: "Others" }, [4], NOW - 60_000);
    expect(points(store, "Sum", 5)).toEqual({ 1: 1 });
  });

  it("follow the platform's clock: at speed 60 a second is a minute", () => {
    const store = new MetricStore(60);
    for (const seconds of [10, 5, 1]) store.put(METRIC, [seconds], NOW - seconds * 1_000);
    expect(points(store, "Sum", 60)).toEqual({ 10: 10, 5: 5, 1: 1 });
    expect(points(store, "Sum", 8)).toEqual({ 5: 5, 1: 1 });
  });

  it("are kept for three days", () => {
    const store = new MetricStore(1);
    for (let minute = 5_000; minute > 0; minute -= 1) store.put(METRIC, [1], NOW - minute * 60_000);
    expect(Object.keys(points(store, "Sum", 10_000))).toHaveLength(72 * 60);
  });
});
