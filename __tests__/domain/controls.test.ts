import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ControlAction, Controls } from "../../domain/controls.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

const PAUSE: ControlAction = { action: "pause", by: "ada", at: "2026-11-30T03:00:00.000Z", reason: "why" };
const RESUME: ControlAction = { action: "resume", by: "bob", at: "2026-11-30T04:00:00.000Z" };

let emulators: Emulators;
let controls: Controls;
beforeAll(async () => {
  emulators = await startEmulators();
  controls = new Controls(emulators.dynamoDb, emulators.jobTypesTableName);
});
afterAll(async () => {
  await emulators.stop();
});

describe("the control of a job type", () => {
  it("says nothing before the first change", async () => {
    expect(await controls.get("fresh")).toEqual({ version: 0, history: [] });
  });

  it("is changed by who has read it, and by nobody who read an older one", async () => {
    const fresh = await controls.get("report");
    const paused = await controls.change("report", fresh, PAUSE);
    expect(paused).toEqual({ version: 1, paused: { by: "ada", at: PAUSE.at, reason: "why" }, history: [PAUSE] });
    expect(await controls.get("report")).toEqual(paused);
    expect(await controls.change("report", fresh, PAUSE)).toBeUndefined();
    const resumed = await controls.change("report", paused!, RESUME);
    expect(resumed).toEqual({ version: 2, history: [RESUME, PAUSE] });
    expect(await controls.change("report", paused!, RESUME)).toBeUndefined();
    expect(await controls.get("report")).toEqual(resumed);
  });

  it("keeps the last ten changes", async () => {
    let control = await controls.get("busy");
    for (let change = 0; change < 12; change += 1) {
      control = (await controls.change("busy", control, { ...(change % 2 === 0 ? PAUSE : RESUME), by: String(change) }))!;
    }
    expect((await controls.get("busy")).history.map(({ by }) => by)).toEqual(
      Array.from({ length: 10 }, (_, index) => String(11 - index)),
    );
  });

  it("is found among those of many types, where the type is paused", async () => {
    const names = Array.from({ length: 130 }, (_, index) => `many-${index}`);
    for (const name of [names[3]!, names[127]!]) await controls.change(name, await controls.get(name), PAUSE);
    const resumed = await controls.change("many-5", await controls.get("many-5"), PAUSE);
    await controls.change("many-5", resumed!, RESUME);
    const paused = await controls.paused(names);
    expect([...paused.keys()].sort()).toEqual(["many-127", "many-3"]);
    expect(paused.get("many-3")).toEqual({ by: "ada", at: PAUSE.at, reason: "why" });
    expect(await controls.paused([])).toEqual(new Map());
  });
});
