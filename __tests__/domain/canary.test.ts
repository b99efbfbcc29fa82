import { describe, expect, it } from "vitest";
import { readCanary } from "../../domain/canary.ts";

describe("what canary jobs may do", () => {
  it.each(["safe", "full"])("is what the container's variable says: %s", (canary) => {
    expect(readCanary({ JOBS_CANARY: canary })).toBe(canary);
  });

  it("is everything where nobody says, as on a developer's machine", () => {
    expect(readCanary({})).toBe("full");
  });

  it.each(["", "Safe", "off", "true"])("is not guessed from %j", (canary) => {
    expect(() => readCanary({ JOBS_CANARY: canary })).toThrow(
      `environment variable JOBS_CANARY is ${JSON.stringify(canary)}; allowed: "safe" or "full"`,
    );
  });
});
