/** What is read, source by source. */
export type Sources<Values extends object> = {
  readonly [Source in keyof Values]: (signal: AbortSignal) => Promise<Values[Source]>;
};

export interface Reading<Values extends object> {
  /** A source that could not be read is undefined. */
  readonly read: { readonly [Source in keyof Values]: Values[Source] | undefined };
  /** Those sources, by name. */
  readonly unread: readonly string[];
}

/** Is told which source failed, and how. */
export type Failed = (source: string, error: unknown) => void;

/** Milliseconds that a source may take: they are read side by side, and the caller waits for the last. */
const SOURCE_MS = 3_000;

/**
 * Reads sources side by side, each within its time. One that fails is left out and named, so that no cause is found from what is not known.
 * It never throws.
 */
export async function readSources<Values extends object>(
  sources: Sources<Values>,
  failed: Failed,
  limitMs = SOURCE_MS,
): Promise<Reading<Values>> {
  const unread: string[] = [];
  const read = await Promise.all(
    Object.entries<Sources<Values>[keyof Values]>(sources).map(async ([source, readOne]) => {
      try {
        return [source, await within(readOne, limitMs)] as const;
      } catch (error) {
        unread.push(source);
        failed(source, error);
        return [source, undefined] as const;
      }
    }),
  );
  return { read: Object.fromEntries(read) as Reading<Values>["read"], unread: unread.sort() };
}

/** Settles in time, whether the source heeds its signal or not. */
async function within<Value>(read: (signal: AbortSignal) => Promise<Value>, limitMs: number): Promise<Value> {
  const late = AbortSignal.timeout(limitMs);
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  late.addEventListener("abort", () => reject(late.reason), { once: true });
  return await Promise.race([read(late), timedOut]);
}
