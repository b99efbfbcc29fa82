import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PermanentError, RetryAfterError } from "../../../domain/errors.ts";
import { JOB_LIFETIME_DAYS, MAX_MESSAGE_CHARACTERS } from "../../../domain/limits.ts";
import { handlerFailure } from "../../../worker/runners/handler-failure.ts";
import { runs } from "../../support/property-runs.ts";

const failed = (code: string, message: string, more: object = {}) => ({
  kind: "failed",
  code,
  message,
  permanent: false,
  ...more,
});
/** The failure without its stack, which is for the log alone. */
const storedOf = (thrown: unknown) => {
  const { stack: _, ...stored } = handlerFailure(thrown);
  return stored;
};
const named = (name: string, fields: object = {}) => Object.assign(new Error("from another bundle"), { name, ...fields });
const trap = (): never => {
  throw new Error("the trap");
};
const cycle: Record<string, unknown> = {};
cycle.self = cycle;

describe("what a handler threw", () => {
  it.each<[string, unknown, object]>([
    ["an error", new Error("boom"), failed("HandlerError", "boom")],
    ["an error of a kind", new RangeError("too far"), failed("RangeError", "too far")],
    ["an error with a code", Object.assign(new Error("gone"), { code: "ENOENT" }), failed("ENOENT", "gone")],
    ["an error whose code is no code", Object.assign(new TypeError("odd"), { code: "no code!" }), failed("TypeError", "odd")],
    ["an error whose code is a number", Object.assign(new Error("odd"), { code: 42 }), failed("HandlerError", "odd")],
    ["an error whose name is no code either", named("not a name"), failed("HandlerError", "from another bundle")],
    ["an error without a message", new Error(), failed("HandlerError", "Error without a message")],
    ["an error of a kind without one", new RangeError(""), failed("RangeError", "RangeError without a message")],
    ["an error whose message is a number", named("Odd", { message: 42 }), failed("Odd", "42")],
    ["an error whose message is an object", named("Odd", { message: { detail: ["a"] } }), failed("Odd", '{"detail":["a"]}')],
    ["an error whose message is null", named("Odd", { message: null }), failed("Odd", "null")],
    ["an error whose message is undefined", named("Odd", { message: undefined }), failed("Odd", "Odd without a message")],
    ["an error whose message is a symbol", named("Odd", { message: Symbol("s") }), failed("Odd", "Symbol(s)")],
    ["an error whose message holds itself", named("Odd", { message: cycle }), failed("Odd", "a value of type object")],
    ["an object whose message is a number", { message: 42 }, failed("HandlerError", "42")],
    ["an object whose message is empty", { name: "Oops", message: "" }, failed("Oops", "Oops without a message")],
    ["an object that looks like an error", { name: "Oops", message: "hm" }, failed("Oops", "hm")],
    ["a text", "just words", failed("HandlerError", "the handler threw no error but just words")],
    ["nothing", undefined, failed("HandlerError", "the handler threw no error but undefined")],
    ["null", null, failed("HandlerError", "the handler threw no error but null")],
    ["a number", 7, failed("HandlerError", "the handler threw no error but 7")],
    ["a symbol", Symbol("s"), failed("HandlerError", "the handler threw no error but Symbol(s)")],
    ["a bigint", 7n, failed("HandlerError", "the handler threw no error but a value of type bigint")],
    ["an object", { a: 1 }, failed("HandlerError", 'the handler threw no error but {"a":1}')],
    ["an object with a cycle", cycle, failed("HandlerError", "the handler threw no error but a value of type object")],
    ["a null-prototype object", Object.create(null), failed("HandlerError", "the handler threw no error but {}")],
    ["half a surrogate pair", new Error("a\uD800b"), failed("HandlerError", "a\uFFFDb")],
  ])("is shown for %s", (_, thrown, outcome) => {
    expect(storedOf(thrown)).toEqual(outcome);
  });

  it.each<[string, unknown]>([
    ["an object whose getters throw", Object.defineProperty({}, "name", { get: trap })],
    ["an error whose message throws", Object.defineProperty(new Error("x"), "message", { get: trap })],
    ["a proxy that throws at every touch", new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap })],
    ["an object that cannot be made a text", { toJSON: trap, toString: trap }],
    ["a function", () => 1],
  ])("is a failure of the attempt for %s too", (_, thrown) => {
    expect(storedOf(thrown)).toEqual(failed("HandlerError", expect.any(String)));
  });

  it("is permanent for a PermanentError, of any bundle, with the code that it chose", () => {
    expect(storedOf(new PermanentError("no", { code: "NoText" }))).toEqual(failed("NoText", "no", { permanent: true }));
    expect(handlerFailure(named("PermanentError"))).toMatchObject({ code: "PermanentError", permanent: true });
  });

  it.each([
    [30, 30],
    [0, 0],
    [86_400, 86_400],
    [1e9, JOB_LIFETIME_DAYS * 86_400],
    [Number.POSITIVE_INFINITY, JOB_LIFETIME_DAYS * 86_400],
    [-1, undefined],
    [Number.NaN, undefined],
  ])("chooses its delay by a RetryAfterError of %d s: %s", (seconds, delay) => {
    expect(handlerFailure(new RetryAfterError(seconds)).retryAfterSeconds).toBe(delay);
    expect(handlerFailure(named("RetryAfterError", { seconds })).retryAfterSeconds).toBe(delay);
  });

  it("chooses no delay by seconds that are no number", () => {
    expect(handlerFailure(named("RetryAfterError", { seconds: "30" }))).not.toHaveProperty("retryAfterSeconds");
  });

  it("is cut to what a job stores", () => {
    const { message } = handlerFailure(new Error("😀".repeat(1_000_000)));
    expect(message).toHaveLength(MAX_MESSAGE_CHARACTERS);
    expect(message).toMatch(/…$/);
    expect(message.isWellFormed()).toBe(true);
  });

  it("is always something that can be stored", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything({ withNullPrototype: true, withBigInt: true }),
          fc.string({ unit: "binary" }).map((text) => new Error(text)),
        ),
        (thrown) => {
          const { code, message } = handlerFailure(thrown);
          expect(code).toMatch(/^[A-Za-z][\w.-]{0,63}$/);
          expect(message.isWellFormed() && message.length <= MAX_MESSAGE_CHARACTERS).toBe(true);
        },
      ),
      runs(500),
    );
  });
});
