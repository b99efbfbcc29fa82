import { expect, it, vi } from "vitest";
import { typeStatuses } from "../../cli/verbs/type-statuses.ts";

it("looks at eight types at a time, and tells of all in their order", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `type-${index}`);
  const gate = Promise.withResolvers<void>();
  let [underWay, most] = [0, 0];
  const status = async (name: unknown) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await gate.promise;
    underWay -= 1;
    return { name: String(name), tasks: { max: 1 } };
  };
  const reading = typeStatuses({ status }, names, new AbortController().signal);
  await vi.waitFor(() => expect(underWay).toBe(8), 10_000);
  gate.resolve();
  expect((await reading).map(({ name }) => name)).toEqual(names);
  expect(most).toBe(8);
});
