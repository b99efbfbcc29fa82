import { describe, expect, it } from "vitest";
import { JobQueueError, PermanentError, RetryAfterError, SettingsError } from "../../domain/errors.ts";

describe("errors", () => {
  it("of a setting say which, what was given and what is allowed", () => {
    const error = new SettingsError("PORT", 0, "1 to 65535");
    expect(error).toBeInstanceOf(JobQueueError);
    expect(error).toMatchObject({ name: "SettingsError", code: "InvalidSetting", message: "PORT is 0; allowed: 1 to 65535" });
  });

  it("that are permanent have a code of their own where their thrower gives one", () => {
    expect(new PermanentError("no text")).toMatchObject({ name: "PermanentError", code: "PermanentError", message: "no text" });
    const cause = new Error("below");
    expect(new PermanentError("no text", { code: "NoText", cause })).toMatchObject({ code: "NoText", cause });
  });

  it("keep the name of their kind in a subclass, so that the worker knows them across threads", () => {
    class NoTextError extends PermanentError {}
    expect(new NoTextError("no text").name).toBe("PermanentError");
  });

  it("that ask for a delay say how long", () => {
    expect(new RetryAfterError(90)).toMatchObject({ name: "RetryAfterError", seconds: 90, message: "retry after 90 s" });
  });
});
