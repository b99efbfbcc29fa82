/** The same Ctrl-C can reach a process twice, from the terminal and from npm. */
const SAME_CTRL_C_MS = 500;
const PARENT_POLL_MS = 500;

/**
 * Settles when this process should end: Ctrl-C, SIGTERM, a closed terminal, or the end of the npm that runs it, whose
 * shell may pass no signal on. A second Ctrl-C ends the process at once; its children end with it.
 */
export function stopRequested(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let firstAt: number | undefined;
  const stop = (): void => {
    if (firstAt !== undefined && performance.now() - firstAt > SAME_CTRL_C_MS) process.exit(130);
    firstAt ??= performance.now();
    resolve();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      resolve();
    }, PARENT_POLL_MS);
    watch.unref();
  }
  return promise;
}
