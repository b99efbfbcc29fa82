import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WakeLeases } from "../../domain/wake-leases.ts";
import { loseNextAnswer } from "../support/client-middleware.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

const signal = AbortSignal.timeout(60_000);
const NEVER = Number.NEGATIVE_INFINITY;

let emulators: Emulators;
let leases: WakeLeases;
let tests = 0;
let request: { jobType: string; id: string; tasks: number; lookedAt: number; until: number };
beforeAll(async () => {
  emulators = await startEmulators();
  leases = new WakeLeases(emulators.dynamoDb, emulators.jobTypesTableName);
});
beforeEach(() => {
  tests += 1;
  request = { jobType: `canary-${tests}`, id: "one", tasks: 3, lookedAt: 1_000, until: 6_000 };
});
afterAll(async () => {
  await emulators.stop();
});

const another = (lookedAt: number) => ({ ...request, id: "another", lookedAt, until: lookedAt + 5_000 });

describe("the lease of a raise", () => {
  it("is one Lambda's until it gives it back, and tells others what that one raises to", async () => {
    expect(await leases.take(request, signal)).toEqual({ state: "leased", restsUntil: NEVER });
    expect(await leases.take(another(2_000), signal)).toEqual({ state: "busy", tasks: 3 });
    await leases.release({ ...request, restsUntil: 2_500 }, signal);
    expect(await leases.take(another(2_000), signal)).toEqual({ state: "leased", restsUntil: 2_500 });
  });

  it("ends by itself, for a look that began after that", async () => {
    await leases.take(request, signal);
    expect(await leases.take(another(6_000), signal)).toMatchObject({ state: "busy" });
    expect(await leases.take(another(6_001), signal)).toMatchObject({ state: "leased" });
  });

  it("stays that of who took it over, where the one before comes to give it back", async () => {
    await leases.take(request, signal);
    await leases.take(another(6_001), signal);
    await leases.release({ ...request, restsUntil: 0 }, signal);
    expect(await leases.take({ ...request, id: "third", lookedAt: 7_000 }, signal)).toMatchObject({ state: "busy" });
  });

  it("is had by who has to ask twice, as the first answer was lost", async () => {
    loseNextAnswer(emulators.dynamoDb);
    expect(await leases.take(request, signal)).toMatchObject({ state: "leased" });
  });

  it("is nobody's while the type is held asleep, which tells until when somebody may be at it", async () => {
    expect(await leases.hold(request.jobType, signal)).toBeUndefined();
    expect(await leases.take(request, signal)).toEqual({ state: "held" });
    await leases.letGo(request.jobType, signal);
    await leases.take(request, signal);
    expect(await leases.hold(request.jobType, signal)).toBe(6_000);
    await leases.release({ ...request, restsUntil: 2_500 }, signal);
    expect(await leases.hold(request.jobType, signal)).toBeUndefined();
  });
});
