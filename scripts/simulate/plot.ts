import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { PatternResult, PolicyResult } from "../../scaling/simulator/compare.ts";
import { duration } from "./rows.ts";

/** Moments that a plot shows of each policy. */
export const MOMENTS = 200;
const WIDTH = 164;
const HEIGHT = 110;

/** Each color, and what it is where the reader's screen is dark. */
const COLORS = {
  text: ["#2b3440", "#dce3ec"],
  muted: ["#66717f", "#93a0b0"],
  grid: ["#e3e8ee", "#303a47"],
  waiting: ["#d9822b", "#f0a85c"],
  running: ["#8fbbe0", "#2f5f8f"],
  desired: ["#1f5f9b", "#8fc4f5"],
  background: ["#fdfefe", "#12171e"],
} as const;
const [TEXT, MUTED, GRID] = [COLORS.text[0], COLORS.muted[0], COLORS.grid[0]];
const [WAITING, RUNNING, DESIRED, BACKGROUND] = [COLORS.waiting[0], COLORS.running[0], COLORS.desired[0], COLORS.background[0]];

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

type UnitOrConcat = Extract<TopLevelSpec, { hconcat: unknown[] }>["hconcat"][number];

/** A pattern's plot as SVG: the queue above, the tasks below, a column for each policy. It follows the reader's light or dark screen. */
export async function plotOf(result: PatternResult): Promise<string> {
  const { ours, peers, oracle } = result;
  const all: readonly PolicyResult[] = [ours, ...peers, ...(oracle === undefined ? [] : [oracle])];
  const end = lastChange(all);
  const unit: Unit = end > 3 * 3_600 ? { name: "hours", seconds: 3_600 } : { name: "minutes", seconds: 60 };
  const most = (key: "waiting" | "tasks") =>
    Math.max(
      1,
      ...all.flatMap(({ moments }) =>
        moments
          .slice(0, MOMENTS + 1)
          .map(({ waiting, desired, running }) => (key === "waiting" ? waiting : Math.max(desired, running))),
      ),
    );
  const domains = { time: [0, end / unit.seconds], waiting: [0, most("waiting")], tasks: [0, most("tasks")] };
  const spec: TopLevelSpec = {
    background: BACKGROUND,
    padding: { left: 16, right: 20, top: 16, bottom: 12 },
    title: {
      text: `${result.pattern.name}: ${result.pattern.description}`,
      anchor: "start",
      fontSize: 16,
      offset: 16,
      color: TEXT,
    },
    spacing: 22,
    hconcat: all.map((policy, index) => columnOf(policy, { unit, domains, isFirst: index === 0 })),
    config: {
      font: FONT,
      view: { stroke: null },
      axis: {
        gridColor: GRID,
        domain: false,
        ticks: false,
        labelColor: MUTED,
        titleColor: MUTED,
        titleFontWeight: "normal",
        labelPadding: 6,
      },
    },
  };
  const svg = await new View(parse(compile(spec).spec), { renderer: "none" }).toSVG();
  return `${withLegend(plain(svg), result.pattern.description)}\n`;
}

interface Unit {
  readonly name: string;
  readonly seconds: number;
}

interface Frame {
  readonly unit: Unit;
  readonly domains: { readonly time: number[]; readonly waiting: number[]; readonly tasks: number[] };
  readonly isFirst: boolean;
}

/** When the last of them comes to rest, and a little more: what follows is the same for all. */
function lastChange(all: readonly PolicyResult[]): number {
  const moments = all.flatMap((one) => one.moments.slice(0, MOMENTS + 1));
  const busy = moments.filter(({ waiting, desired }) => waiting > 0 || desired > 1).map(({ at }) => at);
  const last = Math.max(...moments.map(({ at }) => at));
  return busy.length === 0 ? last : Math.min(last, Math.max(...busy) * 1.08);
}

function columnOf({ policy, figures, moments }: PolicyResult, { unit, domains, isFirst }: Frame): UnitOrConcat {
  const hours = figures.taskHours.toFixed(figures.taskHours < 1 ? 3 : 1);
  const values = moments
    .slice(0, MOMENTS + 1)
    .map(({ at, ...rest }) => ({ ...rest, at: at / unit.seconds }))
    .filter(({ at }) => at <= (domains.time[1] ?? at));
  const plot = (lower: boolean, title: string, layers: readonly { readonly mark: object; readonly y: string }[]) => ({
    width: WIDTH,
    height: HEIGHT,
    layer: layers.map(({ mark, y }) => ({
      mark: { ...mark, clip: true },
      encoding: {
        x: {
          field: "at",
          type: "quantitative" as const,
          title: lower ? unit.name : null,
          axis: { grid: false, labels: lower, tickCount: 5 },
          scale: { domain: domains.time, nice: false },
        },
        y: {
          field: y,
          type: "quantitative" as const,
          title: isFirst ? title : null,
          axis: { labels: isFirst, tickCount: 4, minExtent: isFirst ? 34 : 0 },
          scale: { domain: lower ? domains.tasks : domains.waiting },
        },
      },
    })),
  });
  return {
    data: { values },
    title: {
      text: policy.name,
      subtitle: [`95% wait ${duration(figures.waitP95)}`, `${hours} task-hours`],
      anchor: "start",
      frame: "group",
      color: TEXT,
      subtitleColor: MUTED,
      fontSize: 11.5,
      subtitleFontSize: 11,
      offset: 8,
    },
    spacing: 22,
    bounds: "flush",
    vconcat: [
      plot(false, "jobs waiting", [{ mark: { type: "area", color: WAITING, interpolate: "step-after" }, y: "waiting" }]),
      plot(true, "tasks", [
        { mark: { type: "area", color: RUNNING, interpolate: "step-after" }, y: "running" },
        { mark: { type: "line", color: DESIRED, strokeWidth: 1.6, interpolate: "step-after" }, y: "desired" },
      ]),
    ],
  } as UnitOrConcat;
}

/** Without what makes a picture long: decimals that nobody sees, and names of marks, which a title says better. */
function plain(svg: string): string {
  return svg.replaceAll(/(\d+\.\d)\d+/g, "$1").replaceAll(/ (?:aria-[a-z]+|role|class)="[^"]*"/g, "");
}

/** What the colors mean, and the dark ones: the colors that the plot states give way to a style that knows the screen. */
function withLegend(svg: string, title: string): string {
  const width = Number(/ width="([\d.]+)"/.exec(svg)?.[1] ?? 0);
  const rules = Object.values(COLORS).map(
    ([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`,
  );
  const style = `<style>@media (prefers-color-scheme: dark){${rules.join("")}}</style>`;
  const entry = (x: number, color: string, text: string) =>
    `<rect x="${x}" y="21" width="12" height="12" rx="2" fill="${color}"/><text x="${x + 18}" y="31" font-size="12" font-family="${FONT}" fill="${MUTED}">${text}</text>`;
  const legend =
    entry(width - 300, WAITING, "waiting") + entry(width - 210, DESIRED, "wanted tasks") + entry(width - 96, RUNNING, "running");
  return svg
    .replace(/(<svg[^>]*>)/, `$1<title>${title}: jobs that wait, and tasks, by policy</title>${style}`)
    .replace(/<\/svg>\s*$/, `${legend}</svg>`);
}
