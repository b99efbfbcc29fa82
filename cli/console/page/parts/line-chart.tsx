import { useEffect, useRef, useState } from "preact/hooks";
import UPlot from "uplot";
import { spanOf } from "../../../output/quantities.ts";
import { number } from "../format.ts";
import { useColorScheme } from "../use-color-scheme.ts";

export interface ChartLine {
  readonly label: string;
  /** A color of the page, such as `--running`. */
  readonly color: string;
  readonly values: readonly (number | undefined)[];
  /** Whether the space below it is filled. @default false */
  readonly filled?: boolean;
}

export interface LineChartProps {
  readonly title: string;
  /** Epoch seconds of the values. */
  readonly at: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly unit: keyof typeof UNITS;
}

const HEIGHT = 160;

/** What values are: how they are told, and by which steps an axis goes that has few and short labels. */
const UNITS = {
  count: {
    format: (value: number) => number(Math.round(value * 10) / 10),
    steps: [1, 2, 5]
      .flatMap((first) => [1, 10, 100, 1_000, 10_000, 100_000].map((power) => first * power))
      .toSorted((a, b) => a - b),
    axisPx: 52,
  },
  seconds: {
    format: spanOf,
    steps: [
      ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800],
      ...[3_600, 7_200, 10_800, 21_600, 43_200, 86_400],
    ],
    axisPx: 68,
  },
} as const;

function colorOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "#888";
}

/** Lines over the last hours; pointing at them tells the values of that minute. */
export function LineChart({ title, at, lines, unit }: LineChartProps) {
  const { format, steps, axisPx } = UNITS[unit];
  const box = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number>();
  const scheme = useColorScheme();
  const shown = useRef({ at, lines });
  shown.current = { at, lines };
  const plot = useRef<UPlot | undefined>(undefined);
  const names = lines.map(({ label }) => label).join();

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const axis = {
      stroke: colorOf("--muted"),
      grid: { stroke: colorOf("--line"), width: 1 },
      ticks: { show: false },
      font: "11px Inter, system-ui, sans-serif",
    };
    const options: UPlot.Options = {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      padding: [8, 10, 0, 0],
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
      scales: { y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
      axes: [
        {
          ...axis,
          size: 26,
          values: (_, splits) => splits.map((time) => new Date(time * 1_000).toLocaleTimeString("en-GB").slice(0, 5)),
        },
        {
          ...axis,
          size: axisPx,
          space: 28,
          incrs: [...steps],
          values: (_, splits) => splits.map((value) => (value === 0 ? "0" : format(value))),
        },
      ],
      series: [
        {},
        ...shown.current.lines.map(({ label, color, filled = false }) => ({
          label,
          stroke: colorOf(color),
          width: 1.75,
          spanGaps: false,
          points: {
            show: true,
            size: 4,
            fill: colorOf(color),
            filter: (plotted: UPlot, series: number) => lone(plotted.data[series] ?? []),
          },
          ...(filled ? { fill: `color-mix(in srgb, ${colorOf(color)} 14%, transparent)` } : {}),
        })),
      ],
      hooks: { setCursor: [({ cursor }) => setPointed(cursor.idx ?? undefined)] },
    };
    const made = new UPlot(options, plotData(shown.current), element);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [names, scheme]);

  useEffect(() => plot.current?.setData(plotData({ at, lines })), [at, lines]);

  const index = pointed ?? lastIndex(lines);
  const told = lines.map(({ label, values }) => `${label} ${valueText(values[index], format)}`).join(", ");
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{title}</span>
        <span class="chart-values">
          {pointed === undefined ? null : (
            <time>{new Date((at[pointed] ?? 0) * 1_000).toLocaleTimeString("en-GB").slice(0, 5)}</time>
          )}
          {lines.map(({ label, color, values }) => (
            <span key={label} class="chart-value">
              <i style={{ background: `var(${color})` }} />
              {label} <b>{valueText(values[index], format)}</b>
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={box} class="chart-lines" role="img" aria-label={`${title}, lately: ${told}`} />
    </figure>
  );
}

function plotData({ at, lines }: Pick<LineChartProps, "at" | "lines">): UPlot.AlignedData {
  return [[...at], ...lines.map(({ values }) => values.map((value) => value ?? null))];
}

function valueText(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? "–" : format(value);
}

/** Where values stand alone: no line comes to them, so that they need a point to be seen. */
function lone(values: ArrayLike<number | null | undefined>): number[] {
  const known = (index: number): boolean => typeof values[index] === "number";
  return Array.from(values, (_, index) => index).filter((index) => known(index) && !known(index - 1) && !known(index + 1));
}

function lastIndex(lines: readonly ChartLine[]): number {
  return Math.max(0, ...lines.map(({ values }) => values.findLastIndex((value) => value !== undefined)));
}
