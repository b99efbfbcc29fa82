import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AlarmRule, type AlarmState, evaluateAlarm, evaluationRange, type TreatMissingData } from "../../scaling/alarm.ts";

const TREATMENTS: readonly TreatMissingData[] = ["missing", "ignore", "breaching", "notBreaching"];

function alarm(overrides: Partial<AlarmRule> = {}): AlarmRule {
  return {
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 10,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    treatMissingData: "missing",
    ...overrides,
  };
}

/** CloudWatch's notation: 0 is within the threshold, X breaches it, - is missing; the latest comes last. */
function points(notation: string): (number | undefined)[] {
  return notation.split(" ").map((symbol) => ({ "0": 1, X: 20 })[symbol]);
}

describe("evaluating an alarm", () => {
  it("breaches at the threshold itself with >= and with <=", () => {
    const one = { evaluationPeriods: 1, datapointsToAlarm: 1 };
    const atLeast = alarm({ ...one, comparisonOperator: "GreaterThanOrEqualToThreshold" });
    const atMost = alarm({ ...one, comparisonOperator: "LessThanOrEqualToThreshold" });
    expect([9, 10, 11].map((value) => evaluateAlarm(atLeast, [value]).state)).toEqual(["OK", "ALARM", "ALARM"]);
    expect([9, 10, 11].map((value) => evaluateAlarm(atMost, [value]).state)).toEqual(["ALARM", "ALARM", "OK"]);
  });

  it("needs M breaching datapoints among the latest N, consecutive or not", () => {
    const twoOfThree = alarm({ datapointsToAlarm: 2 });
    expect(evaluateAlarm(twoOfThree, points("0 0 X 0 X")).state).toBe("ALARM");
    expect(evaluateAlarm(twoOfThree, points("X X 0 0 X")).state).toBe("OK");
    expect(evaluateAlarm(alarm(), points("0 X X 0 X")).state).toBe("OK");
  });

  it("looks at nothing older than the evaluation range", () => {
    expect(evaluationRange(alarm())).toBe(5);
    expect(evaluateAlarm(alarm(), points("X X X - - - - -")).state).toBe("INSUFFICIENT_DATA");
  });

  it("returns the real datapoints that it evaluated", () => {
    expect(evaluateAlarm(alarm(), [1, 2, undefined, 3, 4]).datapoints).toEqual([2, 3, 4]);
    expect(evaluateAlarm(alarm(), [undefined, 5]).datapoints).toEqual([5]);
  });
});

describe("evaluating an alarm with missing data, as in CloudWatch's tables", () => {
  // Columns: missing, ignore (keeps the state), breaching, notBreaching.
  const threeOfThree: [string, ...(AlarmState | "kept")[]][] = [
    ["0 - X - X", "OK", "OK", "OK", "OK"],
    ["0 - - - -", "OK", "OK", "OK", "OK"],
    ["- - - - 0", "OK", "OK", "OK", "OK"],
    ["- - - - -", "INSUFFICIENT_DATA", "kept", "ALARM", "OK"],
    ["0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["- - X - -", "ALARM", "kept", "ALARM", "OK"],
    ["- - - - X", "INSUFFICIENT_DATA", "kept", "ALARM", "OK"],
    ["X - - - -", "ALARM", "kept", "ALARM", "OK"],
  ];
  const twoOfThree: [string, ...(AlarmState | "kept")[]][] = [
    ["0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["0 - X - -", "OK", "OK", "ALARM", "OK"],
    ["- - - - 0", "OK", "OK", "ALARM", "OK"],
    ["- - - X -", "ALARM", "kept", "ALARM", "OK"],
    ["- - - - X", "INSUFFICIENT_DATA", "kept", "ALARM", "OK"],
  ];

  for (const [datapointsToAlarm, table] of [[3, threeOfThree] as const, [2, twoOfThree] as const]) {
    it.each(table)(`${datapointsToAlarm} out of 3: %s`, (notation, ...expected) => {
      for (const previous of ["OK", "ALARM", "INSUFFICIENT_DATA"] as const) {
        const states = TREATMENTS.map(
          (treatMissingData) => evaluateAlarm(alarm({ datapointsToAlarm, treatMissingData }), points(notation), previous).state,
        );
        expect(states).toEqual(expected.map((state) => (state === "kept" ? previous : state)));
      }
    });
  }

  it("does not depend on how missing data is treated while N real datapoints are in the range", () => {
    const series = fc.array(fc.option(fc.nat(20), { nil: undefined }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 3 }), (datapoints, datapointsToAlarm) => {
        fc.pre(datapoints.filter((value) => value !== undefined).length >= 3);
        const states = TREATMENTS.map(
          (treatMissingData) => evaluateAlarm(alarm({ datapointsToAlarm, treatMissingData }), datapoints).state,
        );
        expect(new Set(states).size).toBe(1);
      }),
    );
  });

  it("never fires on fewer than M real datapoints when missing data is not breaching", () => {
    const series = fc.array(fc.option(fc.nat(20), { nil: undefined }), { maxLength: 12 });
    const sizes = fc.integer({ min: 1, max: 6 }).chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 1, max: n })));
    fc.assert(
      fc.property(series, sizes, (datapoints, [evaluationPeriods, datapointsToAlarm]) => {
        const rule = alarm({ evaluationPeriods, datapointsToAlarm, treatMissingData: "notBreaching" });
        const { state, datapoints: evaluated } = evaluateAlarm(rule, datapoints);
        expect(state).toBe(evaluated.filter((value) => value >= 10).length >= datapointsToAlarm ? "ALARM" : "OK");
      }),
    );
  });
});
