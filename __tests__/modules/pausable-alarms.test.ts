import { pausableAlarms } from "@autoscaling-job-queues/domain/alarm-names";
import { beforeAll, describe, expect, it } from "vitest";
import { buildEnvironment, buildJobType, type Resource, resources, synthesized } from "./synthesized.ts";
import { type Sample, stateAfter, watched } from "./synthesized-alarm.ts";

const WAITS: Sample = { visible: 1 };
const NOTHING: Sample = {};
const times = (count: number, sample: Sample): Sample[] => Array.from({ length: count }, () => sample);

let alarms: readonly Resource[];
beforeAll(async () => {
  const { jobType } = await synthesized(buildEnvironment(), [buildJobType({ timeoutSeconds: 60, maxAttempts: 3 })]);
  alarms = resources(jobType, "aws_cloudwatch_metric_alarm");
});

function alarm(name: string): Resource {
  const found = alarms.find(({ alarm_name }) => alarm_name === `jobs-test-report-${name}`);
  if (found === undefined) throw new Error(`no alarm ${name} among ${alarms.map(({ alarm_name }) => alarm_name)}`);
  return found;
}

describe("the alarms on the age of the oldest message", () => {
  it("fire after all attempts and an hour, and after all attempts and three days", () => {
    expect(alarm("oldest-message").threshold).toBe(3 * 60 + 3_600);
    expect(alarm("waits-for-days").threshold).toBe(3 * 60 + 3 * 86_400);
    for (const name of ["oldest-message", "waits-for-days"]) {
      const { threshold: age } = alarm(name);
      expect(stateAfter(alarm(name), times(5, { age }))).toBe("ALARM");
      expect(stateAfter(alarm(name), times(5, { age: age - 1 }))).toBe("OK");
      expect(watched(alarm(name))).toMatchObject([{ namespace: "AWS/SQS", metric_name: "ApproximateAgeOfOldestMessage" }]);
    }
  });
});

describe("a pause", () => {
  it("silences the alarms on jobs that wait, by the names that they have, and no plan ends that", () => {
    const pausable = alarms.filter(({ lifecycle }) => lifecycle !== undefined);
    expect(pausable.map(({ lifecycle }) => lifecycle)).toEqual(pausable.map(() => ({ ignore_changes: ["actions_enabled"] })));
    const names = pausableAlarms({ cluster: "jobs-test", service: "report" });
    expect(pausable.map(({ alarm_name }) => alarm_name).sort()).toEqual(names.sort());
  });

  it("that ends is the end of no-worker, which counts anew: so it pages where no worker comes then", () => {
    expect(stateAfter(alarm("no-worker"), [...times(60, WAITS), { visible: 1, resumed: 1 }], "ALARM")).toBe("OK");
    expect(stateAfter(alarm("no-worker"), [...times(60, NOTHING), { resumed: 1 }], "ALARM")).toBe("OK");
    const resumed = [...times(60, WAITS), { visible: 1, resumed: 1 }];
    expect(stateAfter(alarm("no-worker"), [...resumed, ...times(14, WAITS)], "ALARM")).toBe("OK");
    expect(stateAfter(alarm("no-worker"), [...resumed, ...times(15, WAITS)], "OK")).toBe("ALARM");
  });
});
