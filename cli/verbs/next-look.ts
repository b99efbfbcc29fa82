/** Between two looks at what is shown while it changes, in milliseconds. */
const LOOK_MS = 1_000;

/** Settles when it is time to look again, or the signal says that nobody does. */
export async function untilNextLook(signal: AbortSignal, milliseconds = LOOK_MS): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end, { once: true });
  });
}
