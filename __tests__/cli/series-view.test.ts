import { expect, it } from "vitest";
import { seriesLines } from "../../cli/output/series-view.ts";

const point = (members: object) => ({ at: "2026-11-30T18:00:00.000Z", ...members });
const status = (points: readonly object[]) => ({
  name: "canary",
  tasks: { max: 2 },
  series: { periodSeconds: 60, points: points.map(point) },
});

it("a line for each measure that was reported, with what it comes to", () => {
  const lines = seriesLines(status([{ waiting: 0, succeeded: 3 }, { waiting: 40, succeeded: 4 }, { succeeded: 0 }]), 1, 80);
  expect(lines[0]).toBe("canary, the last hour");
  expect(lines.slice(1).map((line) => line.trim().split(/ {2,}/))).toEqual([
    ["waiting", "▁█·", "at most 40"],
    ["succeeded", "▆█▁", "7 in all"],
  ]);
});

it("a narrow terminal keeps every peak", () => {
  const points = Array.from({ length: 180 }, (_, index) => ({ tasks: index === 77 ? 9 : 1 }));
  const [, line = ""] = seriesLines(status(points), 24, 60);
  expect(line.length).toBeLessThanOrEqual(60);
  expect(line.split("█")).toHaveLength(2);
});

it("nothing reported is told", () => {
  expect(seriesLines(status([{}, {}]), 24, 80)).toEqual(["canary, the last 24 hours: nothing was reported"]);
});
