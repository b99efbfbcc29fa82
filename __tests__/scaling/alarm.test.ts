import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AlarmRule, type AlarmState, evaluateAlarm, evaluationRange } from "../../scaling/alarm.ts";

const TREATMENTS: readonly AlarmRule["treatMissingData"][] = ["ignore", "notBreaching"];

function alarm(overrides: Partial<AlarmRule> = {}): AlarmRule {
  return {
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 10,
    evaluationPeriods: 3,
    treatMissingData: "notBreaching",
    ...overrides,
  };
}

/** CloudWatch's notation: 0 is within the threshold, X breaches it, - is missing; the latest comes last. */
function points(notation: string): (number | undefined)[] {
  return notation.split(" ").map((symbol) => ({ "0": 1, X: 20 })[symbol]);
}

describe("evaluating an alarm", () => {
  it("breaches at the threshold itself with >= and with <=", () => {
    const atLeast = alarm({ evaluationPeriods: 1, comparisonOperator: "GreaterThanOrEqualToThreshold" });
    const atMost = alarm({ evaluationPeriods: 1, comparisonOperator: "LessThanOrEqualToThreshold" });
    expect([9, 10, 11].map((value) => evaluateAlarm(atLeast, [value]).state)).toEqual(["OK", "ALARM", "ALARM"]);
    expect([9, 10, 11].map((value) => evaluateAlarm(atMost, [value]).state)).toEqual(["ALARM", "ALARM", "OK"]);
  });

  it("needs all of the latest N datapoints to breach", () => {
    expect(evaluateAlarm(alarm(), points("0 0 X X X")).state).toBe("ALARM");
    expect(evaluateAlarm(alarm(), points("0 X X 0 X")).state).toBe("OK");
    expect(evaluateAlarm(alarm(), points("X X X X 0")).state).toBe("OK");
  });

  it("looks at nothing older than the evaluation range", () => {
    expect(evaluationRange(alarm())).toBe(5);
    const ignoring = alarm({ treatMissingData: "ignore" });
    expect(evaluateAlarm(ignoring, points("X X X - - - - -"), "OK").state).toBe("OK");
    expect(evaluateAlarm(ignoring, points("X X X - -"), "OK").state).toBe("ALARM");
  });

  it("returns the real datapoints that it evaluated", () => {
    expect(evaluateAlarm(alarm(), [1, 2, undefined, 3, 4]).datapoints).toEqual([2, 3, 4]);
    expect(evaluateAlarm(alarm(), [undefined, 5]).datapoints).toEqual([5]);
  });
});

describe("evaluating an alarm with missing data, as in CloudWatch's table", () => {
  // Columns: ignore (keeps the state), notBreaching.
  const threeOfThree: [string, ...(AlarmState | "kept")[]][] = [
    ["0 - X - X", "OK", "OK"],
    ["0 - - - -", "OK", "OK"],
    ["- - - - 0", "OK", "OK"],
    ["- - - - -", "kept", "OK"],
    ["0 X X - X", "ALARM", "ALARM"],
    ["- - X - -", "kept", "OK"],
    ["- - - - X", "kept", "OK"],
    ["X - - - -", "kept", "OK"],
  ];

  it.each(threeOfThree)("%s", (notation, ...expected) => {
    for (const previous of ["OK", "ALARM", "INSUFFICIENT_DATA"] as const) {
      const states = TREATMENTS.map(
        (treatMissingData) => evaluateAlarm(alarm({ treatMissingData }), points(notation), previous).state,
      );
      expect(states).toEqual(expected.map((state) => (state === "kept" ? previous : state)));
    }
  });

  it("does not depend on how missing data is treated while N real datapoints are in the range", () => {
    const series = fc.array(fc.option(fc.nat(20), { nil: undefined }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(series, (datapoints) => {
        fc.pre(datapoints.filter((value) => value !== undefined).length >= 3);
        const states = TREATMENTS.map((treatMissingData) => evaluateAlarm(alarm({ treatMissingData }), datapoints).state);
        expect(new Set(states).size).toBe(1);
      }),
    );
  });

  it("never fires on fewer than N real datapoints when missing data is not breaching", () => {
    const series = fc.array(fc.option(fc.nat(20), { nil: undefined }), { maxLength: 12 });
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 6 }), (datapoints, evaluationPeriods) => {
        const { state, datapoints: evaluated } = evaluateAlarm(alarm({ evaluationPeriods }), datapoints);
        const breaching = evaluated.filter((value) => value >= 10).length;
        expect(state).toBe(breaching >= evaluationPeriods ? "ALARM" : "OK");
      }),
    );
  });
});
