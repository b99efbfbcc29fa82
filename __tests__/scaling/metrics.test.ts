import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DepthExpression,
  depthExpressionText,
  depthOf,
  type QueueMetricId,
  type QueueSample,
} from "../../scaling/metrics.ts";

const depth: DepthExpression = { required: "visible", added: ["inFlight", "delayed"] };

describe("a depth expression", () => {
  it("adds up what is reported", () => {
    expect(depthOf(depth, { visible: 3, inFlight: 2, delayed: 1 })).toBe(6);
  });

  it("counts messages in flight and delayed as 0 while SQS does not report them", () => {
    expect(depthOf(depth, { visible: 3 })).toBe(3);
  });

  it("has no datapoint without the required metric, rather than a 0 that looks like an empty queue", () => {
    expect(depthOf(depth, {})).toBeUndefined();
    expect(depthOf(depth, { inFlight: 4 })).toBeUndefined();
  });

  it("leaves out metrics that it does not name", () => {
    expect(depthOf({ required: "visible", added: ["inFlight"] }, { visible: 1, inFlight: 1, delayed: 9 })).toBe(2);
  });

  it("is 1, not empty, unless the metric that it depends on is above 0", () => {
    const gated: DepthExpression = { ...depth, emptyOnlyWhile: "emptyReceives" };
    expect(depthOf(gated, { visible: 0 })).toBe(1);
    expect(depthOf(gated, { visible: 0, emptyReceives: 0 })).toBe(1);
    expect(depthOf(gated, { visible: 0, emptyReceives: 1 })).toBe(0);
    expect(depthOf(gated, { emptyReceives: 1 })).toBeUndefined();
    expect(depthOf(gated, {})).toBeUndefined();
  });

  it("is written as metric math", () => {
    expect(depthExpressionText(depth)).toBe("IF(visible >= 0, visible + FILL(inFlight, 0) + FILL(delayed, 0))");
    expect(depthExpressionText({ required: "visible", added: [] })).toBe("IF(visible >= 0, visible)");
    expect(depthExpressionText({ required: "visible", added: [], emptyOnlyWhile: "emptyReceives" })).toBe(
      "IF(visible >= 0, IF(FILL(emptyReceives, 0) > 0, visible, 1))",
    );
  });

  it("computes here what its text computes in CloudWatch", () => {
    const count = fc.option(fc.nat(100_000), { nil: undefined });
    const samples = fc
      .record({ visible: count, inFlight: count, delayed: count, emptyReceives: count })
      .map((sample) => Object.fromEntries(Object.entries(sample).filter(([, value]) => value !== undefined)) as QueueSample);
    const added = fc.subarray<QueueMetricId>(["inFlight", "delayed"]);
    fc.assert(
      fc.property(samples, added, fc.boolean(), (sample, ids, gated) => {
        const expression: DepthExpression = {
          required: "visible",
          added: ids,
          ...(gated ? { emptyOnlyWhile: "emptyReceives" as const } : {}),
        };
        expect(depthOf(expression, sample)).toBe(computed(depthExpressionText(expression), sample));
      }),
    );
  });
});

/** Metric math for one minute: IF drops what its condition has no datapoint for, FILL fills, arithmetic counts missing as 0. */
function computed(text: string, sample: QueueSample): number | undefined {
  const [, condition, value = ""] = /^IF\((\w+) >= 0, (.+)\)$/.exec(text) ?? [];
  if (sample[condition as QueueMetricId] === undefined) return undefined;
  const [, gate, sum = value] = /^IF\(FILL\((\w+), 0\) > 0, (.+), 1\)$/.exec(value) ?? [];
  if (gate !== undefined && !((sample[gate as QueueMetricId] ?? 0) > 0)) return 1;
  return sum.split(" + ").reduce((total, term) => {
    const [, filled, filler] = /^FILL\((\w+), (\d+)\)$/.exec(term) ?? [];
    return total + (sample[(filled ?? term) as QueueMetricId] ?? Number(filler ?? 0));
  }, 0);
}
