import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TRACE_PARENT, traced, traceKeys } from "../../domain/trace-parent.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

describe("a traceparent", () => {
  it.each([
    ["as it is", `00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`],
    ["that is not recorded", `00-${TRACE}-${SPAN}-00`, `00-${TRACE}-${SPAN}-00`],
    ["with a random trace ID", `00-${TRACE}-${SPAN}-03`, `00-${TRACE}-${SPAN}-03`],
    ["without flags that nobody knows", `00-${TRACE}-${SPAN}-ff`, `00-${TRACE}-${SPAN}-03`],
    ["of a later version", `cc-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`],
    ["of a later version, with more", `cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`, `00-${TRACE}-${SPAN}-01`],
  ])("is read %s", (_, given, kept) => {
    expect(traced(given)).toEqual({ traceparent: kept });
  });

  it.each([
    ["empty", ""],
    ["in capitals", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ["of a trace of zeros", `00-${"0".repeat(32)}-${SPAN}-01`],
    ["of a span of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["of no version", `ff-${TRACE}-${SPAN}-01`],
    ["with more than its version has", `00-${TRACE}-${SPAN}-01-more`],
    ["with a hyphen more", `00-${TRACE}-${SPAN}-01-`],
    ["of a later version, without a hyphen before more", `cc-${TRACE}-${SPAN}-01.more`],
    ["too short", `00-${TRACE}-${SPAN}-0`],
    ["in blanks", ` 00-${TRACE}-${SPAN}-01`],
    ["with a line break", `00-${TRACE}-${SPAN}-01\n`],
    ["of two headers", `00-${TRACE}-${SPAN}-01,00-${TRACE}-${SPAN}-01`],
    ["with other characters", `00-${TRACE.replace("4", "g")}-${SPAN}-01`],
    ["in other digits", `00-${TRACE.replace("4", "٤")}-${SPAN}-01`],
    ["a megabyte", `00-${TRACE}-${SPAN}-01${"-".repeat(1_048_576)}`],
    ["no text", { length: 55 }],
    ["missing", undefined],
  ])("is none where it is %s", (_, given) => {
    expect(traced(given)).toEqual({});
  });

  it("is kept in the one form, whatever was given", () => {
    const almost = fc.stringMatching(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.{0,20})?$/);
    fc.assert(
      fc.property(fc.oneof(almost, fc.string()), (given) => {
        const { traceparent } = traced(given);
        if (traceparent === undefined) return;
        expect(traceparent).toMatch(TRACE_PARENT.pattern);
        expect(traceparent).toHaveLength(TRACE_PARENT.maxLength);
        expect(traced(traceparent)).toEqual({ traceparent });
      }),
    );
  });

  it("gives log lines the trace's ID, and nothing where a worker wrote something else into its job", () => {
    expect(traceKeys({ traceparent: TRACE_PARENT.example })).toEqual({ traceId: TRACE });
    expect(traceKeys({})).toEqual({});
    expect(traceKeys({ traceparent: { slice: "x" } })).toEqual({});
  });
});
