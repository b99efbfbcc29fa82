import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { describe, expect, it } from "vitest";
import { emptyAlarm, metricQueries, scaleOutAlarm } from "../../scaling/alarm-definitions.ts";
import { scalingFor } from "../../scaling/scaling-for.ts";

const SETTINGS: ScalingSettings = { scaleOutDepth: 4, maxTasks: 10, backlogPerTask: 10, idleMinutes: 5 };

describe("the scale-out alarm", () => {
  it("fires at the first minute with scaleOutDepth messages, and not on missing data", () => {
    expect(scaleOutAlarm(SETTINGS)).toMatchObject({
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 4,
      period: 60,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    });
  });

  it("counts messages visible and in flight", () => {
    expect(metricQueries(scaleOutAlarm(SETTINGS), "jobs-report").at(-1)).toEqual({
      id: "depth",
      label: "Messages",
      expression: "IF(visible >= 0, visible + FILL(inFlight, 0))",
      returnData: true,
    });
  });
});

describe("the empty alarm", () => {
  it("fires after idleMinutes minutes with nothing at all, and not on missing data", () => {
    expect(emptyAlarm(SETTINGS)).toMatchObject({
      comparisonOperator: "LessThanOrEqualToThreshold",
      threshold: 0,
      period: 60,
      evaluationPeriods: 5,
      treatMissingData: "notBreaching",
    });
  });

  it("watches its queue while polls find it empty, and returns the depth alone", () => {
    const query = (id: string, metricName: string) => ({
      id,
      returnData: false,
      metric: { namespace: "AWS/SQS", metricName, dimensions: { QueueName: "jobs-report" }, stat: "Maximum", period: 60 },
    });
    expect(metricQueries(emptyAlarm(SETTINGS), "jobs-report")).toEqual([
      query("visible", "ApproximateNumberOfMessagesVisible"),
      query("inFlight", "ApproximateNumberOfMessagesNotVisible"),
      query("delayed", "ApproximateNumberOfMessagesDelayed"),
      query("emptyReceives", "NumberOfEmptyReceives"),
      {
        id: "depth",
        label: "Messages",
        expression: "IF(visible >= 0, IF(FILL(emptyReceives, 0) > 0, visible + FILL(inFlight, 0) + FILL(delayed, 0), 1))",
        returnData: true,
      },
    ]);
  });
});

describe("the scaling of a job type", () => {
  it("is plain values, within 0 and maxTasks", () => {
    const scaling = scalingFor(SETTINGS);
    expect(scaling.bounds).toEqual({ minCapacity: 0, maxCapacity: 10 });
    expect(JSON.parse(JSON.stringify(scaling))).toEqual(scaling);
  });
});
