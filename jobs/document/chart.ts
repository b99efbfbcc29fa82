import type { JobInput } from "@autoscaling-job-queues/domain/job-type";
import { parse, scheme, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { valueAxis } from "./chart-axis.ts";
import { placeLabels } from "./chart-labels.ts";
import type { Content } from "./content.ts";
import type { documentJob } from "./job-type.ts";
import type { Pdf } from "./pdf.ts";
import { NO_LINES, STYLE } from "./style.ts";

type Chart = NonNullable<JobInput<typeof documentJob>["chart"]>;

const HEIGHT = 220;
const SIZE = 8;
/** Points around the plot. */
const GAP = 8;
/** Points that a chart needs on its page: the plot, and a few lines of labels. */
const ROOM = HEIGHT + 80;
const COLORS = ["#1f5f8b", "#d9822b", "#2f8f5b", "#a23b72", "#6b5b95", "#8a8d29"];
const MORE_COLORS = ["tableau20", "category20b", "category20c"];

/** The input's chart, with a legend for several series. */
export async function chartContent(chart: Chart, pdf: Pdf): Promise<Content> {
  const { kind, labels, series, title } = chart;
  const colors = seriesColors(series.length);
  const axis = valueAxis(
    series.flatMap(({ values }) => values.filter((value) => value !== null)),
    kind === "bar",
  );
  const left = Math.max(...axis.labels.map((label) => pdf.widthOf(label, SIZE))) + GAP;
  const width = pdf.width - left - GAP;
  const spec: TopLevelSpec = {
    width,
    height: HEIGHT,
    autosize: "none",
    padding: { left, right: GAP, top: GAP, bottom: GAP / 2 },
    data: {
      values: series.flatMap(({ values }, index) =>
        values.map((value, place) => ({ place, series: index, value: value === null ? null : value * axis.factor })),
      ),
    },
    mark: kind === "bar" ? "bar" : { type: "line", strokeWidth: 1.5, point: { size: 12 } },
    encoding: {
      x: { field: "place", type: "ordinal", title: null, axis: { labels: false, ticks: false } },
      y: {
        field: "value",
        type: "quantitative",
        title: null,
        scale: { domain: [...axis.domain], nice: false, zero: false },
        axis: {
          values: [...axis.ticks],
          labelExpr: `${JSON.stringify(axis.labels)}[round(datum.index * ${axis.ticks.length - 1})]`,
        },
      },
      color: {
        field: "series",
        type: "nominal",
        scale: { domain: colors.map((_, index) => index), range: [...colors] },
        legend: null,
      },
      ...(kind === "bar" ? { xOffset: { field: "series", type: "nominal" } } : {}),
    },
    config: {
      view: { stroke: null },
      axis: { domainColor: STYLE.rule, gridColor: STYLE.rule },
      axisX: { grid: false },
      axisY: { domain: false, ticks: false, labelFontSize: SIZE, labelColor: STYLE.muted, labelLimit: 0, labelOverlap: false },
    },
  };
  const svg = await new View(parse(compile(spec).spec), { renderer: "none" }).toSVG();
  return [
    ...(title === undefined ? [] : [{ text: title, style: "h5", room: ROOM }]),
    ...(series.length > 1 ? [legend(chart, colors, pdf)] : []),
    { svg, font: "Sans", room: ROOM },
    placeLabels(labels, { left, slot: width / labels.length, size: SIZE }, pdf),
  ];
}

/** In as many columns as the longest name allows. */
function legend({ series }: Chart, colors: readonly string[], pdf: Pdf): Content {
  const longest = Math.max(...series.map(({ name }) => pdf.widthOf(`■ ${name}`, SIZE))) + 2 * GAP;
  const columns = Math.min(series.length, Math.max(1, Math.floor(pdf.width / longest)));
  const names = series.map(({ name }, index) => ({
    text: [{ text: "■\u00A0", color: colors[index] ?? STYLE.ink }, { text: name }],
  }));
  const body = Array.from({ length: Math.ceil(names.length / columns) }, (_, row) =>
    Array.from({ length: columns }, (_, column) => names[row * columns + column] ?? ""),
  );
  return { layout: NO_LINES, fontSize: SIZE, margin: [0, 2, 0, 4], table: { widths: body[0]?.map(() => "auto") ?? [], body } };
}

/** Colours that differ, for any number of series. */
function seriesColors(count: number): readonly string[] {
  return count <= COLORS.length
    ? COLORS.slice(0, count)
    : MORE_COLORS.flatMap((name) => scheme(name) as string[]).slice(0, count);
}
