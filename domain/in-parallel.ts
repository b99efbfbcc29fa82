/**
 * Does something for each item, for so many at a time. It settles when nothing is under way any more, also where some of it failed: a
 * Lambda must leave nothing behind when it answers. After a failure no more are begun.
 *
 * @returns the results, in the order of the items.
 * @throws the first failure.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  each: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const rest = items.entries();
  const goOn = async (): Promise<void> => {
    for (const [index, item] of rest) {
      try {
        results[index] = await each(item);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, goOn));
  if (failures.length > 0) throw failures[0];
  return results;
}
