/**
 * Reads the fractions that a handler reports: values beyond 0 and 1 are clamped to them, anything but a number is left out. Sums of
 * fractions end a little beyond 1, and 0 / 0 where there was nothing to do: neither is worth a job.
 *
 * @param onWrong called once, with the first that was wrong.
 */
export function fractionReader(onWrong: (given: unknown) => void): (given: unknown) => number | undefined {
  let isTold = false;
  return (given) => {
    const isNumber = typeof given === "number" && !Number.isNaN(given);
    const fraction = isNumber ? Math.min(1, Math.max(0, given)) : undefined;
    if (!isTold && (fraction === undefined || fraction !== given)) {
      isTold = true;
      onWrong(typeof given === "number" ? String(given) : `a value of type ${typeof given}`);
    }
    return fraction;
  };
}
