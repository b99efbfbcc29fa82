import { vi } from "vitest";

/** Waits until a check no longer throws. Long enough for a busy machine; most checks are calls, made 25 times a second at most. */
export async function eventually<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  return await vi.waitFor(check, { timeout: 45_000, interval: 40 });
}
