import type { JobInput } from "@autoscaling-job-queues/domain/job-type";
import { axisTicks } from "./axis-ticks.ts";
import type { documentJob } from "./job-type.ts";
import { contentWidth, ensureRoom, type Pdf, STYLE } from "./page.ts";
import { printable } from "./printable.ts";
import { formatNumber } from "./table-layout.ts";

type Chart = NonNullable<JobInput<typeof documentJob>["chart"]>;

const HEIGHT = 230;
const AXIS_WIDTH = 48;
const LABELS_HEIGHT = 18;
const LEGEND_HEIGHT = 20;
const SIZE = 8;

/** Draws a chart with grid, axes, labels and, for several series, a legend. */
export function writeChart(pdf: Pdf, chart: Chart): void {
  pdf.y += 10;
  ensureRoom(pdf, HEIGHT + LEGEND_HEIGHT + 30);
  const { left } = pdf.page.margins;
  if (chart.title !== undefined) {
    pdf
      .font("Helvetica-Bold")
      .fontSize(11)
      .fillColor(STYLE.ink)
      .text(printable(chart.title), left, pdf.y, { width: contentWidth(pdf) });
    pdf.y += 4;
  }
  const top = pdf.y + (chart.series.length > 1 ? LEGEND_HEIGHT : 4);
  if (chart.series.length > 1) writeLegend(pdf, chart, pdf.y);
  const area = { x: left + AXIS_WIDTH, y: top, width: contentWidth(pdf) - AXIS_WIDTH, height: HEIGHT - LABELS_HEIGHT };
  const values = chart.series.flatMap((series) => series.values);
  const ticks = axisTicks(
    Math.min(chart.kind === "bar" ? 0 : Number.POSITIVE_INFINITY, ...values),
    Math.max(chart.kind === "bar" ? 0 : Number.NEGATIVE_INFINITY, ...values),
  );
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const yOf = (value: number): number => area.y + area.height * (1 - (value - low) / (high - low));

  pdf.font("Helvetica").fontSize(SIZE).lineWidth(0.5);
  for (const tick of ticks) {
    pdf
      .moveTo(area.x, yOf(tick))
      .lineTo(area.x + area.width, yOf(tick))
      .strokeColor(STYLE.rule)
      .stroke();
    pdf
      .fillColor(STYLE.muted)
      .text(formatNumber(tick), left, yOf(tick) - 4, { width: AXIS_WIDTH - 6, align: "right", lineBreak: false });
  }
  writeLabels(pdf, chart.labels, area);
  const slot = area.width / chart.labels.length;
  for (const [index, { values: points }] of chart.series.entries()) {
    const colour = STYLE.series[index % STYLE.series.length] ?? STYLE.accent;
    if (chart.kind === "bar") drawBars(pdf, points, { area, slot, index, count: chart.series.length, colour, yOf });
    else drawLine(pdf, points, { area, slot, colour, yOf });
  }
  pdf.x = left;
  pdf.y = top + HEIGHT + 8;
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Drawing {
  readonly area: Area;
  readonly slot: number;
  readonly colour: string;
  readonly yOf: (value: number) => number;
}

function drawBars(
  pdf: Pdf,
  values: readonly number[],
  drawing: Drawing & { readonly index: number; readonly count: number },
): void {
  const { area, slot, index, count, colour, yOf } = drawing;
  const width = (slot * 0.72) / count;
  for (const [place, value] of values.entries()) {
    const x = area.x + slot * place + slot * 0.14 + width * index;
    const [from, to] = [yOf(Math.max(0, value)), yOf(Math.min(0, value))];
    pdf.rect(x, from, width * 0.94, Math.max(0.5, to - from)).fill(colour);
  }
}

function drawLine(pdf: Pdf, values: readonly number[], { area, slot, colour, yOf }: Drawing): void {
  for (const [place, value] of values.entries()) {
    const x = area.x + slot * (place + 0.5);
    if (place === 0) pdf.moveTo(x, yOf(value));
    else pdf.lineTo(x, yOf(value));
  }
  pdf.lineWidth(1.5).strokeColor(colour).stroke();
}

/** As many labels as fit, evenly spread. */
function writeLabels(pdf: Pdf, labels: readonly string[], area: Area): void {
  const slot = area.width / labels.length;
  const widest = Math.max(...labels.map((label) => pdf.widthOfString(printable(label)))) + 6;
  const step = Math.max(1, Math.ceil(widest / slot));
  pdf.fillColor(STYLE.muted);
  for (let place = 0; place < labels.length; place += step) {
    const centre = area.x + slot * (place + 0.5);
    const width = Math.min(widest, area.width);
    pdf.text(printable(labels[place] ?? ""), centre - width / 2, area.y + area.height + 5, {
      width,
      align: "center",
      lineBreak: false,
    });
  }
}

function writeLegend(pdf: Pdf, chart: Chart, y: number): void {
  let x = pdf.page.margins.left + AXIS_WIDTH;
  pdf.font("Helvetica").fontSize(SIZE);
  for (const [index, { name }] of chart.series.entries()) {
    pdf.rect(x, y + 1, 8, 8).fill(STYLE.series[index % STYLE.series.length] ?? STYLE.accent);
    pdf.fillColor(STYLE.ink).text(printable(name), x + 12, y + 1, { lineBreak: false });
    x += 28 + pdf.widthOfString(printable(name));
  }
}
