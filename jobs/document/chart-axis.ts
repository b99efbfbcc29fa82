import { scale } from "vega";

interface LinearScale {
  domain(bounds: readonly number[]): LinearScale;
  domain(): [number, number];
  nice(count: number): LinearScale;
  ticks(count: number): number[];
}

/** How values stand on an axis: `factor` times a value is a place in the `domain`, where `ticks` have their `labels`. */
export interface ValueAxis {
  readonly factor: number;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
}

const TICKS = 6;
const linearScale = scale("linear") as () => LinearScale;

/** Round ticks that span the values, each with as many digits as it takes to tell it from the others. */
export function valueAxis(values: readonly number[], fromZero: boolean): ValueAxis {
  const all = fromZero || values.length === 0 ? [0, ...values] : values;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const largest = Math.max(-low, high);
  // The ends of what a double holds: the span between them, or a part of it, would be none.
  const factor = largest > 1e300 ? 1e-10 : largest > 0 && largest < 1e-290 ? 1e20 : 1;
  const [from, to] = spread(low * factor, high * factor, fromZero);
  const axis = linearScale().domain([from, to]).nice(TICKS);
  // By what they stand for, since close to the end of its digits a double stands for several.
  const byValue = new Map(
    axis
      .ticks(TICKS)
      .map((tick): [number, number] => [tick / factor, tick])
      .reverse(),
  );
  const shown = [...byValue.keys()].filter(Number.isFinite).reverse();
  return { factor, domain: axis.domain(), ticks: shown.map((value) => byValue.get(value) ?? 0), labels: tickLabels(shown) };
}

/** Values that are all the same stand in the middle. */
function spread(low: number, high: number, fromZero: boolean): [number, number] {
  if (low !== high) return [low, high];
  const around = Math.abs(low) / 2 || 1;
  return [fromZero ? low : low - around, high + around];
}

function tickLabels(ticks: readonly number[]): string[] {
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0));
  for (let digits = 1; digits < 17; digits += 1) {
    const rounded = ticks.map((tick) => Number(tick.toPrecision(digits)));
    if (rounded.every((tick, index) => Math.abs(tick - (ticks[index] ?? 0)) < step / 1e6)) return alike(rounded);
  }
  return alike(ticks);
}

/** All with an exponent, or none. */
function alike(ticks: readonly number[]): string[] {
  const labels = ticks.map(String);
  if (!labels.some((label) => label.includes("e"))) return labels;
  return ticks.map((tick) => (tick === 0 ? "0" : tick.toExponential()));
}
