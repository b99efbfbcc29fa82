import { describe, expect, it } from "vitest";
import { type MeasuredValues, seriesOf, seriesQueries, seriesWindow } from "../../../../handlers/jobs/why/series.ts";

const NOW = Date.parse("2026-11-30T03:00:30.000Z");
const time = (text: string): number => Date.parse(`2026-11-30T${text}.000Z`);

function values(measured: Readonly<Record<string, Readonly<Record<string, number>>>>): MeasuredValues {
  return new Map(
    Object.entries(measured).map(([name, points]) => [
      name,
      new Map(Object.entries(points).map(([text, value]) => [time(text), value])),
    ]),
  );
}

describe("the window of a series", () => {
  it.each([
    [1, 60, 60],
    [3, 60, 180],
    [4, 120, 120],
    [12, 300, 144],
    [24, 600, 144],
    [48, 1_800, 96],
    [72, 1_800, 144],
  ])("of %i hours has points of %i s, and %i of them", (hours, periodSeconds, count) => {
    const { start, end, ...window } = seriesWindow(hours, NOW);
    expect(window).toEqual({ periodSeconds });
    expect((end - start) / (periodSeconds * 1_000)).toBe(count);
    expect(end % (periodSeconds * 1_000)).toBe(0);
    expect(end).toBeGreaterThanOrEqual(NOW);
    expect(end - NOW).toBeLessThan(periodSeconds * 1_000);
  });

  it("has at most 180 points, whatever the hours", () => {
    for (let hours = 1; hours <= 72; hours += 1) {
      const { periodSeconds, start, end } = seriesWindow(hours, NOW);
      expect((end - start) / (periodSeconds * 1_000)).toBeLessThanOrEqual(180);
    }
  });
});

describe("the metrics of a series", () => {
  it("are those of the type's queue, of its service, and of its workers", () => {
    const place = {
      jobType: "report",
      queueName: "jobs-prod-report-jobs",
      cluster: "jobs-prod",
      service: "report",
      namespace: "Jobs/prod",
    };
    expect(seriesQueries(place)).toMatchObject({
      waiting: { namespace: "AWS/SQS", dimensions: { QueueName: "jobs-prod-report-jobs" }, statistic: "Maximum" },
      tasks: { name: "RunningTaskCount", dimensions: { ClusterName: "jobs-prod", ServiceName: "report" } },
      failed: {
        namespace: "Jobs/prod",
        name: "JobsFailed",
        dimensions: { service: "worker", jobType: "report" },
        statistic: "Sum",
      },
      deadLettered: { name: "DeadLettersClosed", dimensions: { service: "dead-letter", jobType: "report" }, statistic: "Sum" },
      runSeconds: { name: "RunTime", statistic: "p50" },
    });
  });
});

describe("a series", () => {
  const window = { periodSeconds: 60, start: time("02:58:00"), end: time("03:01:00") };

  it("has a point of each period, oldest first, with what was measured in it, in seconds", () => {
    const measured = values({
      waiting: { "02:58:00": 12, "02:59:00": 8 },
      running: { "02:58:00": 3 },
      tasks: { "02:58:00": 1 },
      succeeded: { "02:58:00": 40 },
      failed: { "02:59:00": 1 },
      deadLettered: { "02:58:00": 2, "02:59:00": 3 },
      runSeconds: { "02:58:00": 1_500 },
      queueWaitSeconds: { "02:58:00": 250 },
    });
    expect(seriesOf(window, measured)).toEqual({
      periodSeconds: 60,
      points: [
        {
          at: "2026-11-30T02:58:00.000Z",
          ...{ waiting: 12, running: 3, tasks: 1, succeeded: 40, failed: 2, runSeconds: 1.5, queueWaitSeconds: 0.25 },
        },
        // SQS tells of no messages in hand while there are none.
        { at: "2026-11-30T02:59:00.000Z", waiting: 8, running: 0, succeeded: 0, failed: 4 },
        // The period has only begun: that nothing ended in it is not known.
        { at: "2026-11-30T03:00:00.000Z" },
      ],
    });
  });
});
