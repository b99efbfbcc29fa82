const STEPS = [1, 2, 2.5, 5, 10];
const TICKS = 5;

/** Round numbers that span the values: about five steps of 1, 2, 2.5 or 5 times a power of ten. */
export function axisTicks(min: number, max: number): number[] {
  const span = max - min || Math.abs(max) || 1;
  const magnitude = 10 ** Math.floor(Math.log10(span / TICKS));
  const step = magnitude * (STEPS.find((candidate) => span / TICKS <= candidate * magnitude) ?? 10);
  const first = Math.floor(min / step);
  const last = Math.max(first + 1, Math.ceil(max / step));
  // Multiples of the step rather than its sums, which would drift; the product's own noise is rounded off.
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
