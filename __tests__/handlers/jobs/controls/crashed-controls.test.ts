import { describe, expect, it } from "vitest";
import { OneCallAtATime } from "./one-call-at-a-time.ts";
import { callsOf, secretSuspensions, upTo } from "./secret-suspensions.ts";

describe("a type that does not show as paused is never suspended", () => {
  it("wherever a pause or its end dies, and both mend it", async () => {
    for (const action of ["pause", "resume"] as const) {
      for (const made of upTo(await callsOf(action))) {
        const type = new OneCallAtATime();
        if (action === "resume") await type.begin("pause").goOn();
        await type.begin(action).goOn(made);
        const at = `${action}, dead after ${made} calls`;
        expect(type.isSecret, at).toBe(false);
        await type.begin("resume").goOn();
        expect([type.isPaused, type.scaling.suspended, type.scaling.silent, type.scaling.held], at).toEqual([
          false,
          false,
          false,
          false,
        ]);
        await type.begin("pause").goOn();
        expect([type.isPaused, type.scaling.suspended, type.scaling.silent, type.scaling.held], at).toEqual([
          true,
          true,
          true,
          true,
        ]);
      }
    }
  });

  it("wherever two pauses stand still while somebody resumes it, and however far they get before they die", async () => {
    const { courses, found } = await secretSuspensions();
    expect(found).toEqual([]);
    expect(courses).toBeGreaterThan(500);
  });
});
