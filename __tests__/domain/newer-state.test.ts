import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNewerState, type StateOrder } from "../../domain/newer-state.ts";
import { runs } from "../support/property-runs.ts";

const FIRST = "2026-11-02T09:00:00.000Z";
const SECOND = "2026-11-10T09:00:00.000Z";
const state = (createdAt: string, version: number): StateOrder => ({ createdAt, version });

describe("the newer of two states of one job ID", () => {
  it.each([
    ["the higher version of one creation", state(FIRST, 2), state(FIRST, 1)],
    ["one of many digits as a number", state(FIRST, 10), state(FIRST, 9)],
    ["version 1 of a key that was used again", state(SECOND, 1), state(FIRST, 7)],
    ["one created a millisecond later", state("2026-11-02T09:00:00.001Z", 1), state(FIRST, 7)],
    ["one created in the next year", state("2027-01-01T00:00:00.000Z", 1), state("2026-12-31T23:59:59.999Z", 2)],
  ])("is %s", (_, newer, older) => {
    expect([isNewerState(newer, older), isNewerState(older, newer)]).toEqual([true, false]);
  });

  it("is neither of two that are the same", () => {
    expect(isNewerState(state(FIRST, 2), state(FIRST, 2))).toBe(false);
  });

  it("is what a subscriber ends with, in whatever order the states come and however often", () => {
    const creations = fc.integer({ min: 0, max: 3 }).map((days) => new Date(Date.parse(FIRST) + days * 86_400_000).toISOString());
    const states = fc.record({ createdAt: creations, version: fc.integer({ min: 1, max: 12 }) });
    const orders = fc
      .array(states, { minLength: 1, maxLength: 12 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })));
    fc.assert(
      fc.property(orders, ([all, deliveries]) => {
        const kept = deliveries.reduce((known, event) => (isNewerState(event, known) ? event : known));
        expect(all.filter((event) => isNewerState(event, kept))).toEqual([]);
      }),
      runs(300),
    );
  });
});
