export interface SparklineProps {
  /** What is not known counts as none; at the end, it is left out. */
  readonly values: readonly (number | undefined)[];
  readonly label: string;
}

const WIDTH = 240;
const HEIGHT = 36;

/** A line without axes: how it went lately, at a glance. */
export function Sparkline({ values, label }: SparklineProps) {
  const top = Math.max(1, ...values.map((value) => value ?? 0));
  const step = values.length > 1 ? WIDTH / (values.length - 1) : WIDTH;
  const known = values.slice(0, values.findLastIndex((value) => value !== undefined) + 1);
  const end = (Math.max(0, known.length - 1) * step).toFixed(1);
  const points = known.map(
    (value, index) => `${(index * step).toFixed(1)},${(HEIGHT - 2 - ((value ?? 0) / top) * (HEIGHT - 6)).toFixed(1)}`,
  );
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <polygon points={`0,${HEIGHT} ${points.join(" ")} ${end},${HEIGHT}`} class="spark-area" />
      <polyline points={points.join(" ")} class="spark-line" vector-effect="non-scaling-stroke" />
    </svg>
  );
}
